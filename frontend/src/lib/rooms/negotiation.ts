/**
 * Perfect negotiation (W3C WebRTC, 10.7) with trickle ICE: both ends may offer at any time, and where two
 * offers collide the polite end (the therapist) takes its own back.
 */
import type { Description } from './wire.ts';

type Candidate = RTCIceCandidateInit | null;
export type NegotiatedConnection = Pick<
  RTCPeerConnection,
  | 'signalingState'
  | 'localDescription'
  | 'remoteDescription'
  | 'setLocalDescription'
  | 'setRemoteDescription'
  | 'addIceCandidate'
  | 'restartIce'
  | 'addEventListener'
>;

export interface NegotiationParts {
  readonly pc: NegotiatedConnection;
  readonly polite: boolean;
  readonly describe: (description: Description) => void;
  readonly candidate: (candidate: Candidate) => void;
  /** Called between taking an offer and answering it: the place to give tracks to new transceivers. */
  readonly beforeAnswer: () => Promise<void>;
}

function initOf(candidate: RTCIceCandidate | null): Candidate {
  if (!candidate) return null;
  const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
  return { candidate: candidate.candidate, sdpMid, sdpMLineIndex, usernameFragment };
}

export class Negotiation {
  readonly #parts: NegotiationParts;
  #offering = false;
  #answerPending = false;
  #ignoring = false;
  #early: Candidate[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: NegotiationParts) {
    this.#parts = parts;
    parts.pc.addEventListener('negotiationneeded', () => void this.#offer());
    parts.pc.addEventListener('icecandidate', (event) => parts.candidate(initOf(event.candidate)));
  }

  /** Take the other end's description, after all that came before it. */
  description(description: Description): Promise<void> {
    return this.#next(() => this.#take(description));
  }

  candidate(candidate: Candidate): Promise<void> {
    return this.#next(() => this.#add(candidate));
  }

  restart(): void {
    this.#parts.pc.restartIce();
  }

  /** Say an unanswered offer once more, when the line to the other end was down. */
  again(): void {
    const { pc, describe } = this.#parts;
    if (pc.signalingState === 'have-local-offer' && pc.localDescription) describe(plain(pc.localDescription));
  }

  /** One thing at a time, in the order of arrival; what the browser refuses changes nothing. */
  #next(act: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(act).catch(() => undefined);
    return this.#turn;
  }

  async #offer(): Promise<void> {
    const { pc, describe } = this.#parts;
    try {
      this.#offering = true;
      await pc.setLocalDescription();
      if (pc.localDescription) describe(plain(pc.localDescription));
    } catch {
      // The connection was closed meanwhile, or an offer came first: `negotiationneeded` fires again if needed.
    } finally {
      this.#offering = false;
    }
  }

  async #take(description: Description): Promise<void> {
    const { pc, polite } = this.#parts;
    if (description.type === 'answer' && pc.signalingState !== 'have-local-offer') return;
    const ready = !this.#offering && (pc.signalingState === 'stable' || this.#answerPending);
    this.#ignoring = !polite && description.type === 'offer' && !ready;
    if (this.#ignoring) return;
    this.#answerPending = description.type === 'answer';
    try {
      await pc.setRemoteDescription(description);
    } finally {
      this.#answerPending = false;
    }
    await this.#addEarly();
    if (description.type === 'offer') await this.#answer();
  }

  async #answer(): Promise<void> {
    const { pc, beforeAnswer, describe } = this.#parts;
    await beforeAnswer();
    await pc.setLocalDescription();
    if (pc.localDescription) describe(plain(pc.localDescription));
  }

  async #add(candidate: Candidate): Promise<void> {
    if (this.#ignoring) return;
    if (this.#parts.pc.remoteDescription) await this.#parts.pc.addIceCandidate(candidate ?? undefined);
    else this.#early.push(candidate);
  }

  async #addEarly(): Promise<void> {
    const early = this.#early;
    this.#early = [];
    for (const candidate of early) await this.#parts.pc.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  }
}

function plain(description: RTCSessionDescription): Description {
  return { type: description.type as Description['type'], sdp: description.sdp };
}
