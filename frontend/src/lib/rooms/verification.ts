/** The exchange behind the six digits, for one epoch: commit, then reveal, then compare (docs/signalling.md, 6). */
import { bytes, commitment, digits, hex, keeps, NONCE_BYTES } from './sas.ts';

export type Verdict =
  | { readonly state: 'pending' }
  | { readonly state: 'shown'; readonly digits: string }
  /** Someone may sit in between: nothing more may be sent. */
  | { readonly state: 'intercepted' };

export interface VerificationParts {
  readonly commit: (hex: string) => void;
  readonly reveal: (hex: string) => void;
  readonly settled: (verdict: Verdict) => void;
}

export class Verification {
  readonly #parts: VerificationParts;
  readonly #nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  #own: Uint8Array | undefined;
  #ownCommit: string | undefined;
  #theirs: Uint8Array | undefined;
  #theirCommit: string | undefined;
  #theirNonce: string | undefined;
  #settled = false;

  constructor(parts: VerificationParts) {
    this.#parts = parts;
  }

  /** The local description is set and speaks for this certificate. */
  async begin(fingerprint: Uint8Array): Promise<void> {
    if (this.#own) return;
    this.#own = fingerprint;
    this.#ownCommit = await commitment({ fingerprint, nonce: this.#nonce });
    this.#parts.commit(this.#ownCommit);
    this.#reveal();
  }

  /** The other end's commitment; a second, different one within the epoch is an attack. */
  async committed(commit: string): Promise<void> {
    if (this.#theirCommit !== undefined && this.#theirCommit !== commit) return this.#settle({ state: 'intercepted' });
    this.#theirCommit = commit;
    this.#reveal();
    await this.#compare();
  }

  async revealed(nonce: string): Promise<void> {
    this.#theirNonce ??= nonce;
    await this.#compare();
  }

  /** The certificate that the other end has proved in the DTLS handshake. */
  async proved(fingerprint: Uint8Array): Promise<void> {
    this.#theirs = fingerprint;
    await this.#compare();
  }

  /** The line was down: say once more what may have been lost. */
  again(): void {
    if (!this.#ownCommit) return;
    this.#parts.commit(this.#ownCommit);
    this.#reveal();
  }

  #reveal(): void {
    if (this.#ownCommit !== undefined && this.#theirCommit !== undefined) this.#parts.reveal(hex(this.#nonce));
  }

  async #compare(): Promise<void> {
    if (!this.#own || !this.#theirs || this.#theirCommit === undefined || this.#theirNonce === undefined) return;
    const mine = { fingerprint: this.#own, nonce: this.#nonce };
    const other = { fingerprint: this.#theirs, nonce: bytes(this.#theirNonce) };
    const kept = await keeps(this.#theirCommit, other);
    const shown = kept ? await digits(mine, other) : undefined;
    this.#settle(shown === undefined ? { state: 'intercepted' } : { state: 'shown', digits: shown });
  }

  /** An alarm stays; digits may still give way to one. */
  #settle(verdict: Verdict): void {
    if (this.#settled) return;
    this.#settled = verdict.state === 'intercepted';
    this.#parts.settled(verdict);
  }
}
