/** One visit's call as the pages see it: signalling, own devices, the other end's picture, and how the line is. */
import { api, Problem, type RoomTicket } from '$lib/api';
import { LocalMedia } from './media.svelte.ts';
import { Peer } from './peer.ts';
import { type Flow, flowFrom, flowing, frozen, type Grade, gradeOf, lost, needsTelephone, SHOWN, step } from './quality.ts';
import { type Outcome, type PeerWish, type Phase, RoomSession } from './session.ts';
import { openSocket } from './socket.ts';
import { sampleOf } from './stats.ts';
import type { Outgoing } from './tracks.ts';
import type { Verdict } from './verification.ts';
import type { FromServer, PeerInfo, Place, Visit } from './wire.ts';

const EVERY_MS = 1_000;

/** What the signalling says, as one value that changes as a whole. */
export interface View {
  readonly phase: Phase;
  readonly online: boolean;
  readonly code: string | undefined;
  readonly ending: Outcome | undefined;
  readonly other: PeerInfo | undefined;
  readonly visit: Visit | undefined;
  /** The clinic's number for when media fails. */
  readonly phone: string | null;
  readonly location: FromServer['location'] | undefined;
  readonly verdict: Verdict;
  readonly connected: boolean;
}

const NOTHING_YET: View = {
  ...{ phase: 'arriving', online: false, code: undefined, ending: undefined, other: undefined, visit: undefined },
  ...{ phone: null, location: undefined, verdict: { state: 'pending' }, connected: false },
};

/** How the media flow, measured once a second. */
export interface LineState {
  readonly grade: Grade;
  /** Our picture has made way for speech. */
  readonly paused: boolean;
  /** Theirs has: speech arrives, frames do not. */
  readonly frozen: boolean;
  readonly lost: boolean;
  readonly telephone: boolean;
  /** Whether media ever flowed, and for how many seconds. */
  readonly met: boolean;
  readonly seconds: number;
}

const QUIET: LineState = { grade: 'good', paused: false, frozen: false, lost: false, telephone: false, met: false, seconds: 0 };

export class Call {
  readonly appointment: string;
  readonly media = new LocalMedia(() => this.#mediaChanged());
  /** The other end's sound and picture; tracks come and go, the stream stays. */
  readonly remote = new MediaStream();
  view = $state.raw<View>(NOTHING_YET);
  line = $state.raw<LineState>(QUIET);
  problem = $state.raw<Problem | undefined>();
  /** What this person said about place and number, while the page lives. */
  given: Place = $state.raw({ place: '', phone: '' });
  #session: RoomSession | undefined;
  #opening: Promise<RoomSession> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #picture = SHOWN;
  #flow: Flow = flowFrom(0);
  #metAt: number | undefined;
  #renewedAt = 0;

  constructor(appointment: string, given: Place = { place: '', phone: '' }) {
    this.appointment = appointment;
    this.given = given;
  }

  /** Connect, and say that we are on our way. */
  async open(): Promise<RoomSession> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async join(): Promise<void> {
    this.problem = undefined;
    const session = await this.open();
    session.media(this.media.state);
    session.join();
    this.#flow = flowFrom(performance.now());
    this.#timer ??= setInterval(() => void this.#measure(), EVERY_MS);
  }

  async place(place: Place): Promise<void> {
    this.given = place;
    (await this.open()).place(place);
  }

  admit(): void {
    const other = this.view.other;
    if (other?.state === 'waiting') void this.#session?.admit(other.seat);
  }

  async leave(forAll = false): Promise<void> {
    this.#rest();
    await this.#session?.leave(forAll);
  }

  /** Start over after the end, a replacement or a refusal: another session, the same devices. */
  async again(): Promise<void> {
    this.#session?.close();
    this.#opening = undefined;
    this.#metAt = undefined;
    this.line = QUIET;
    await this.join();
  }

  close(): void {
    this.#rest();
    this.media.close();
    this.#session?.close();
  }

  async #connect(): Promise<RoomSession> {
    const transport = await openSocket();
    this.#session = new RoomSession({
      appointment: this.appointment,
      transport,
      ticket: () => api.post<RoomTicket>(`/appointments/${this.appointment}/room`),
      makePeer: (wish) => this.#makePeer(wish),
      changed: () => this.#changed(),
      refused: (error) => this.#refused(error),
    });
    return this.#session;
  }

  #makePeer(wish: PeerWish): Peer {
    const pc = new RTCPeerConnection({ iceServers: [...wish.iceServers], bundlePolicy: 'max-bundle' });
    return new Peer({ ...wish, pc, outgoing: this.#outgoing(), remote: this.remote });
  }

  /** A network that fails is tried again; what the server refuses is for the page to say. */
  #refused(error: unknown): boolean {
    if (!(error instanceof Problem)) throw error;
    if (error.offline || error.status >= 500 || error.status === 429) return true;
    this.problem = error;
    return false;
  }

  /** Our picture makes way for speech, and is not sent to someone who has chosen sound only. */
  #outgoing(): Outgoing {
    const { audio, video } = this.media.outgoing;
    const hidden = this.#picture.paused || this.#session?.other?.media?.sound_only;
    return { audio, video: hidden ? null : video };
  }

  #mediaChanged(): void {
    this.#session?.media(this.media.state);
    void this.#session?.peer?.send(this.#outgoing());
  }

  #changed(): void {
    const session = this.#session;
    if (!session) return;
    const { phase, online, code, ending, other, visit, phone, location, peer } = session;
    const verdict = peer?.verdict ?? NOTHING_YET.verdict;
    this.view = { phase, online, code, ending, other, visit, phone, location, verdict, connected: peer?.connected ?? false };
    void peer?.send(this.#outgoing());
    if (phase === 'over' || phase === 'left' || phase === 'replaced') this.#rest();
  }

  async #measure(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    const now = performance.now();
    const expected = session.phase === 'admitted' && session.other?.state === 'admitted';
    if (!expected) this.#flow = flowFrom(now);
    const report = session.peer ? await session.peer.pc.getStats() : new Map<string, Record<string, unknown>>();
    const sample = sampleOf(report as unknown as Map<string, Record<string, unknown>>, now);
    this.#flow = flowing(this.#flow, sample, this.#pictureDue());
    const sent = this.#outgoing().video !== null;
    const grade = gradeOf(sample, sent);
    const before = this.#picture.paused;
    this.#picture = step(this.#picture, this.media.state.camera ? grade : 'good', now);
    if (this.#picture.paused !== before) void session.peer?.send(this.#outgoing());
    if (sample.packets > 0) this.#metAt ??= now;
    this.#show(now, grade);
    this.#mend(session, now);
  }

  #pictureDue(): boolean {
    const theirs = this.#session?.other?.media;
    return !this.media.soundOnly && theirs?.camera === true;
  }

  #show(now: number, grade: Grade): void {
    const flow = this.#flow;
    this.line = {
      grade,
      paused: this.#picture.paused,
      frozen: frozen(flow, now),
      lost: lost(flow, now),
      telephone: needsTelephone(flow, now),
      met: this.#metAt !== undefined,
      seconds: this.#metAt === undefined ? 0 : Math.floor((now - this.#metAt) / 1000),
    };
  }

  /** Where restarts of the path have not helped for long, both ends start afresh at the patient's word. */
  #mend(session: RoomSession, now: number): void {
    const hopeless = this.line.telephone && session.other?.here && session.peer && !session.peer.connected;
    if (!hopeless || now - this.#renewedAt < 20_000) return;
    this.#renewedAt = now;
    session.renew();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
