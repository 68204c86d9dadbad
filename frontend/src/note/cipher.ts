/**
 * Seals drafts for this device: AES-256-GCM, a new nonce each time, the place where the text lies as
 * associated data. The key comes from the server after sign-in and lives in memory only.
 */
const NONCE_BYTES = 12;

export async function keyFrom(base64url: string): Promise<CryptoKey> {
  const raw = Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export async function seal(key: CryptoKey, place: string, value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytes(place) }, key, bytes(JSON.stringify(value)));
  const blob = new Uint8Array(NONCE_BYTES + sealed.byteLength);
  blob.set(iv);
  blob.set(new Uint8Array(sealed), NONCE_BYTES);
  return blob;
}

/** What was sealed; undefined when key or place are others or a byte was changed. */
export async function open<T>(key: CryptoKey, place: string, blob: Uint8Array<ArrayBuffer>): Promise<T | undefined> {
  const iv = blob.slice(0, NONCE_BYTES);
  try {
    const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bytes(place) }, key, blob.slice(NONCE_BYTES));
    return JSON.parse(new TextDecoder().decode(text)) as T;
  } catch {
    return undefined;
  }
}
