/**
 * The device test: our voice through the clinic's media process and back, and what was measured on the way.
 * One offer and one answer with all candidates inside; nobody else's STUN or TURN is ever asked.
 */
import { api } from '$lib/api';

export type EchoWords = 'measuring' | 'unreached' | 'silent' | 'good' | 'fair' | 'poor';

export interface EchoReport {
  readonly state: 'connecting' | 'measuring' | 'measured' | 'over';
  readonly loss: number | null;
  readonly delay_ms: number | null;
  readonly jitter_ms: number | null;
  readonly rate_kbps: number | null;
  readonly heard: boolean;
  readonly words_code: EchoWords;
}

const GATHER_MS = 3_000;
const ASK_EVERY_MS = 1_000;
/** After that a test that has not connected never will. */
const GIVE_UP_MS = 15_000;

export class EchoTest {
  words = $state<EchoWords>('measuring');
  report = $state.raw<EchoReport | undefined>();
  /** Our own voice as it came back. */
  readonly returned = new MediaStream();
  readonly #pc = new RTCPeerConnection({ iceServers: [] });
  #id: string | undefined;
  #closed = false;

  constructor(track: MediaStreamTrack) {
    this.#pc.addTransceiver(track, { direction: 'sendrecv' });
    this.#pc.addEventListener('track', (event) => this.returned.addTrack(event.track));
  }

  /** Run until there is something to say; keeps refreshing until closed. */
  async run(): Promise<void> {
    try {
      await this.#open();
      await this.#watch();
    } catch {
      if (!this.#closed) this.words = 'unreached';
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pc.close();
    if (this.#id) void api.delete(`/device-tests/${this.#id}`, { keepalive: true }).catch(() => undefined);
  }

  async #open(): Promise<void> {
    await this.#pc.setLocalDescription();
    await gathered(this.#pc);
    if (this.#closed) return;
    const answer = await api.post<{ id: string; sdp: string }>('/device-tests', { sdp: this.#pc.localDescription?.sdp ?? '' });
    this.#id = answer.id;
    if (!this.#closed) await this.#pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
  }

  async #watch(): Promise<void> {
    const since = performance.now();
    while (!this.#closed) {
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      if (this.#closed) return;
      this.report = await api.get<EchoReport>(`/device-tests/${this.#id}`);
      const never = this.report.state === 'connecting' && performance.now() - since > GIVE_UP_MS;
      this.words = never ? 'unreached' : this.report.words_code;
      if (never || this.report.state === 'measured' || this.report.state === 'over') return;
    }
  }
}

function gathered(pc: RTCPeerConnection): Promise<void> {
  if (pc.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      if (pc.iceGatheringState === 'complete') resolve();
    };
    pc.addEventListener('icegatheringstatechange', done);
    setTimeout(resolve, GATHER_MS);
  });
}
