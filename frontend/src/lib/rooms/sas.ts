/**
 * The short authentication string: six digits that two people read to each other to rule out a third.
 * docs/signalling.md, section 6; each side commits to its nonce before it may learn the other's.
 */

export const NONCE_BYTES = 32;
const utf8 = (label: string): Uint8Array => new TextEncoder().encode(label);
const COMMIT_LABEL = utf8('sakina/sas/commit/1\0');
const DIGITS_LABEL = utf8('sakina/sas/1\0');

/** One end of a call: its certificate's SHA-256 and the nonce it drew for this epoch. */
export interface Side {
  readonly fingerprint: Uint8Array;
  readonly nonce: Uint8Array;
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export async function sha256(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

/** The 32 bytes of an SDP fingerprint (RFC 8122) such as `sha-256 AB:CD...`; undefined for any other. */
export function fingerprint(attribute: string): Uint8Array | undefined {
  const match = /^sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i.exec(attribute);
  return match?.[1] ? bytes(match[1].replaceAll(':', '')) : undefined;
}

/** The one certificate that a description speaks for; undefined where it names none, or several. */
export function fingerprintOf(sdp: string): Uint8Array | undefined {
  const named = new Set([...sdp.matchAll(/^a=fingerprint:(.*?)\r?$/gm)].map((match) => (match[1] ?? '').toLowerCase()));
  const [only] = named;
  return named.size === 1 && only ? fingerprint(only) : undefined;
}

export const commitment = async (side: Side): Promise<string> => hex(await sha256(COMMIT_LABEL, side.fingerprint, side.nonce));

export const keeps = async (commit: string, side: Side): Promise<boolean> => (await commitment(side)) === commit;

/** The six digits that both ends show; undefined if both claim one certificate. */
export async function digits(one: Side, other: Side): Promise<string | undefined> {
  const [mine, theirs] = [hex(one.fingerprint), hex(other.fingerprint)];
  if (mine === theirs) return undefined;
  const [low, high] = mine < theirs ? [one, other] : [other, one];
  const digest = await sha256(DIGITS_LABEL, low.fingerprint, low.nonce, high.fingerprint, high.nonce);
  const number = new DataView(digest.buffer).getUint32(0) % 1_000_000;
  return String(number).padStart(6, '0');
}
