/** A pair of connections that keep the signalling states of RTCPeerConnection; no media, no network. */

type Listener = (event: never) => void;

export class FakeConnection {
  signalingState: RTCSignalingState = 'stable';
  localDescription: RTCSessionDescription | null = null;
  remoteDescription: RTCSessionDescription | null = null;
  candidates: (RTCIceCandidateInit | undefined)[] = [];
  rollbacks = 0;
  restarts = 0;
  #count = 0;
  readonly #name: string;
  readonly #listeners = new Map<string, Listener>();

  constructor(name: string) {
    this.#name = name;
  }

  addEventListener(name: string, listener: Listener): void {
    this.#listeners.set(name, listener);
  }

  emit(name: string, event: object = {}): void {
    this.#listeners.get(name)?.(event as never);
  }

  async setLocalDescription(): Promise<void> {
    await Promise.resolve();
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.#count += 1;
    this.localDescription = { type, sdp: `${this.#name} ${type} ${this.#count}` } as RTCSessionDescription;
    this.signalingState = type === 'answer' ? 'stable' : 'have-local-offer';
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await Promise.resolve();
    if (description.type === 'offer' && this.signalingState === 'have-local-offer') this.rollbacks += 1;
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') throw new Error('no offer');
    this.remoteDescription = description as RTCSessionDescription;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  async addIceCandidate(candidate?: RTCIceCandidateInit): Promise<void> {
    if (!this.remoteDescription) throw new Error('too early');
    this.candidates.push(candidate);
  }

  restartIce(): void {
    this.restarts += 1;
    this.emit('negotiationneeded');
  }
}
