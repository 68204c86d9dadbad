/** The connection to the other end for one epoch: negotiation, the six digits, and repair of a broken path. */
import { Negotiation } from './negotiation.ts';
import { fingerprintOf, sha256 } from './sas.ts';
import { fillLines, openLines, type Outgoing, rankLines } from './tracks.ts';
import { type Verdict, Verification } from './verification.ts';
import type { Relayed, Send } from './wire.ts';

/** How long a path may stutter before it is rebuilt, and how often it is tried again. */
const PATIENCE_MS = 3_000;
const RETRY_MS = 8_000;

export interface PeerParts {
  readonly pc: RTCPeerConnection;
  readonly epoch: number;
  readonly polite: boolean;
  readonly send: Send;
  readonly outgoing: Outgoing;
  readonly remote: MediaStream;
  readonly changed: () => void;
}

export class Peer {
  readonly epoch: number;
  readonly pc: RTCPeerConnection;
  readonly remote: MediaStream;
  verdict: Verdict = { state: 'pending' };
  readonly #parts: PeerParts;
  readonly #negotiation: Negotiation;
  readonly #verification: Verification;
  #outgoing: Outgoing;
  #repair: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: PeerParts) {
    const { pc, epoch } = parts;
    this.#parts = parts;
    this.epoch = epoch;
    this.pc = pc;
    this.remote = parts.remote;
    this.#outgoing = parts.outgoing;
    this.#verification = new Verification({
      commit: (commit) => void parts.send('commit', { epoch, commit }),
      reveal: (nonce) => void parts.send('reveal', { epoch, nonce }),
      settled: (verdict) => this.#settle(verdict),
    });
    this.#negotiation = new Negotiation({
      pc,
      polite: parts.polite,
      describe: (description) => this.#describe(description),
      candidate: (candidate) => void parts.send('candidate', { epoch, candidate }),
      beforeAnswer: () => fillLines(pc, this.#outgoing),
    });
    pc.addEventListener('track', (event) => this.#take(event.track));
    pc.addEventListener('connectionstatechange', () => void this.#connected());
    pc.addEventListener('signalingstatechange', () => this.#agreed());
    pc.addEventListener('iceconnectionstatechange', () => this.#watchPath());
    // One end opens the lines, or each would open its own two; the other takes them over when it answers.
    if (!parts.polite) openLines(pc, parts.outgoing);
  }

  get connected(): boolean {
    return this.pc.connectionState === 'connected';
  }

  /** Take what the other end has sent through the server. */
  async receive<E extends keyof Relayed>(event: E, message: Relayed[E]): Promise<void> {
    if ('description' in message) await this.#negotiation.description(message.description);
    else if ('candidate' in message) await this.#negotiation.candidate(message.candidate);
    else if ('commit' in message) await this.#verification.committed(message.commit);
    else if ('nonce' in message) await this.#verification.revealed(message.nonce);
    else if (event === 'restart') this.#negotiation.restart();
  }

  /** The line to the other end is back after a break: repeat what it may have missed. */
  resume(): void {
    this.#negotiation.again();
    this.#verification.again();
    if (broken(this.pc)) this.#askForRestart();
  }

  async send(outgoing: Outgoing): Promise<void> {
    if (this.verdict.state === 'intercepted') return;
    this.#outgoing = outgoing;
    await fillLines(this.pc, outgoing);
  }

  close(): void {
    clearTimeout(this.#repair);
    this.pc.close();
    for (const track of this.remote.getTracks()) this.remote.removeTrack(track);
  }

  #describe(description: Relayed['description']['description']): void {
    void this.#parts.send('description', { epoch: this.epoch, description });
    const own = fingerprintOf(description.sdp);
    if (own) void this.#verification.begin(own);
  }

  #take(track: MediaStreamTrack): void {
    this.remote.addTrack(track);
    this.#parts.changed();
  }

  async #connected(): Promise<void> {
    this.#parts.changed();
    if (!this.connected) return;
    await rankLines(this.pc);
    const theirs = await provedBy(this.pc);
    if (theirs) await this.#verification.proved(theirs);
  }

  /** An offer that was taken back costs Chromium's senders their limits: say them again after each agreement. */
  #agreed(): void {
    if (this.connected && this.pc.signalingState === 'stable') void rankLines(this.pc);
  }

  #settle(verdict: Verdict): void {
    this.verdict = verdict;
    if (verdict.state === 'intercepted') void fillLines(this.pc, { audio: null, video: null });
    this.#parts.changed();
  }

  #watchPath(): void {
    clearTimeout(this.#repair);
    if (broken(this.pc)) {
      const wait = this.pc.iceConnectionState === 'failed' ? 0 : PATIENCE_MS;
      this.#repair = setTimeout(() => this.#askForRestart(), wait);
    }
    this.#parts.changed();
  }

  /** The other end restarts ICE, so that exactly one does; asked again until the path is whole. */
  #askForRestart(): void {
    clearTimeout(this.#repair);
    if (!broken(this.pc)) return;
    void this.#parts.send('restart', { epoch: this.epoch });
    this.#repair = setTimeout(() => this.#askForRestart(), RETRY_MS);
  }
}

const broken = (pc: RTCPeerConnection): boolean => pc.iceConnectionState === 'disconnected' || pc.iceConnectionState === 'failed';

/** The certificate that the other end holds: as DTLS saw it, else as its description claims (which DTLS then enforced). */
async function provedBy(pc: RTCPeerConnection): Promise<Uint8Array | undefined> {
  const transport = pc.getTransceivers().find((line) => line.sender.transport)?.sender.transport;
  const [certificate] = transport?.getRemoteCertificates?.() ?? [];
  if (certificate) return sha256(new Uint8Array(certificate));
  return fingerprintOf(pc.remoteDescription?.sdp ?? '');
}
