/**
 * One visit's signalling from the browser's side: arriving, taking the seat, keeping it through drops, and one
 * `Peer` per epoch. Knows no page and no Svelte; what it needs comes in `SessionParts`.
 */
import type { Peer } from './peer.ts';
import type { Ack, Ending, FromServer, MediaState, PeerInfo, Place, Relayed, Send, Visit, Welcome } from './wire.ts';

export interface Ticket {
  readonly ticket: string;
  readonly ice_servers: readonly RTCIceServer[];
  readonly phone: string | null;
}

/** The socket; it reconnects by itself until it is closed. */
export interface Transport {
  readonly send: Send;
  on<E extends keyof FromServer>(event: E, take: (message: FromServer[E]) => void): void;
  /** `refused` carries the server's reason where it turned the connection away for good. */
  onLine(take: (up: boolean, refused?: string) => void): void;
  close(): void;
}

export interface PeerWish {
  readonly epoch: number;
  readonly polite: boolean;
  readonly send: Send;
  readonly iceServers: readonly RTCIceServer[];
  readonly changed: () => void;
}

export interface SessionParts {
  readonly appointment: string;
  /** Ask for a ticket; throws where there is none to be had. */
  readonly ticket: () => Promise<Ticket>;
  readonly transport: Transport;
  readonly makePeer: (wish: PeerWish) => Peer;
  readonly changed: () => void;
  /** A ticket was refused; true: try again in a moment (no network), false: the page says what is wrong. */
  readonly refused: (error: unknown) => boolean;
}

export type Phase = 'arriving' | 'joining' | 'waiting' | 'admitted' | 'replaced' | 'over' | 'left';
/** How it came to an end; `closed`: its time was over when we asked. */
export type Outcome = Ending | 'closed';
const RETRY_MS = 2_500;
const RELAYS = ['description', 'candidate', 'restart', 'commit', 'reveal', 'media-state'] as const;

export class RoomSession {
  phase: Phase = 'arriving';
  /** The socket is up and the server has answered what we last wanted of it. */
  online = false;
  code: string | undefined;
  ending: Outcome | undefined;
  epoch = 0;
  seat: string | undefined;
  visit: Visit | undefined;
  peers: readonly PeerInfo[] = [];
  phone: string | null = null;
  location: FromServer['location'] | undefined;
  peer: Peer | undefined;
  readonly #parts: SessionParts;
  /** One per page and RTCPeerConnection: the server keeps the seat, the epoch rises with each new instance. */
  #instance: string = crypto.randomUUID();
  #up = false;
  #wantsSeat = false;
  #polite = false;
  #iceServers: readonly RTCIceServer[] = [];
  #media: MediaState = { mic: false, camera: false, sound_only: false };
  #place: Place | undefined;
  #early: { readonly event: keyof Relayed; readonly message: FromServer[keyof Relayed] }[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { transport } = parts;
    transport.onLine((up, refused) => this.#line(up, refused));
    transport.on('welcome', (message) => this.#welcome(message));
    transport.on('admitted', (message) => this.#seated(message.epoch, message.peers, true));
    transport.on('presence', (message) => this.#seated(message.epoch, message.peers, false));
    transport.on('location', (message) => this.#located(message));
    transport.on('replaced', () => this.#stop('replaced'));
    transport.on('ended', (message) => this.#ended(message.appointment, message.reason));
    for (const event of RELAYS) transport.on(event, (message) => this.#relayed(event, message));
  }

  /** The other person in the room, or on the way to it. */
  get other(): PeerInfo | undefined {
    return this.peers[0];
  }

  /** Take the seat, now and after every drop. */
  join(): void {
    this.#wantsSeat = true;
    this.phase = 'joining';
    this.#changed();
    if (this.#up) void this.#takeSeat();
  }

  /** Begin anew with both connections, where no restart of the path brought media back. */
  renew(): void {
    if (this.phase !== 'admitted' || !this.online) return;
    this.#instance = crypto.randomUUID();
    void this.#takeSeat();
  }

  admit(seat: string): Promise<Ack> {
    return this.#parts.transport.send('admit', { epoch: this.epoch, seat });
  }

  /** Say where one is and on which number to be called; kept and said again with each seat. */
  place(place: Place): void {
    this.#place = place;
    if (this.seat) void this.#parts.transport.send('location', { epoch: this.epoch, ...place });
  }

  media(media: MediaState): void {
    this.#media = media;
    if (this.phase === 'admitted') void this.#parts.transport.send('media-state', { epoch: this.epoch, ...media });
  }

  /** Give the seat up, or end the call for all. */
  async leave(forAll: boolean): Promise<void> {
    const { transport } = this.#parts;
    const told = this.seat ? transport.send(forAll ? 'end' : 'leave', { epoch: this.epoch }) : undefined;
    this.#stop('left', false);
    await told;
    transport.close();
  }

  /** Let go of everything without giving up the seat: the page goes away. */
  close(): void {
    clearTimeout(this.#retry);
    this.#dropPeer();
    this.#parts.transport.close();
  }

  #changed(): void {
    this.#parts.changed();
  }

  #line(up: boolean, refused?: string): void {
    this.#up = up;
    this.online = up && !this.#wantsSeat;
    this.code = refused;
    if (up && this.#wantsSeat) void this.#takeSeat();
    else if (up) void this.#arrive();
    this.#changed();
  }

  async #arrive(): Promise<void> {
    const ack = await this.#parts.transport.send('arrive', { appointment: this.#parts.appointment });
    if (this.#wantsSeat) return;
    this.code = ack.ok ? undefined : ack.code;
    this.#changed();
  }

  async #takeSeat(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      const ticket = await this.#parts.ticket();
      this.phone = ticket.phone;
      this.#iceServers = ticket.ice_servers;
      const ack = await this.#parts.transport.send('join', { ticket: ticket.ticket, instance: this.#instance });
      if (!this.#wantsSeat) return;
      this.online = ack.ok;
      this.code = ack.ok ? undefined : ack.code;
      if (ack.code === 'room_closed') this.#ended(this.#parts.appointment, 'closed');
      else if (!ack.ok) this.#later(ack.retry_after_ms);
    } catch (error) {
      if (this.#parts.refused(error)) this.#later();
      else this.#wantsSeat = false;
    }
    this.#changed();
  }

  #later(wait = RETRY_MS): void {
    clearTimeout(this.#retry);
    if (this.#wantsSeat) this.#retry = setTimeout(() => void this.#takeSeat(), Math.max(wait, RETRY_MS));
  }

  #welcome(message: Welcome): void {
    const back = this.seat !== undefined && message.epoch === this.epoch;
    this.seat = message.seat;
    this.visit = message.appointment;
    this.#polite = message.polite;
    this.online = true;
    this.phase = message.state;
    this.#seated(message.epoch, message.peers, message.state === 'admitted');
    if (back) this.peer?.resume();
    if (this.#place) this.place(this.#place);
  }

  #seated(epoch: number, peers: readonly PeerInfo[], admitted: boolean): void {
    const wasHere = this.other?.here;
    if (epoch !== this.epoch) this.#dropPeer();
    const fresh = admitted || epoch !== this.epoch;
    this.epoch = epoch;
    this.peers = peers;
    if (admitted) this.phase = 'admitted';
    if (this.phase === 'admitted' && fresh) this.media(this.#media);
    const other = this.other;
    if (other?.state !== 'admitted') this.#dropPeer();
    else if (other.here && this.peer && wasHere === false) this.peer.resume();
    else if (other.here) this.#meet();
    this.#takeEarly();
    this.#changed();
  }

  #meet(): void {
    if (this.phase !== 'admitted' || this.peer) return;
    const { makePeer, transport } = this.#parts;
    this.peer = makePeer({
      epoch: this.epoch,
      polite: this.#polite,
      send: transport.send,
      iceServers: this.#iceServers,
      changed: () => this.#changed(),
    });
  }

  #dropPeer(): void {
    this.peer?.close();
    this.peer = undefined;
  }

  /** A message may overtake the `presence` that announces its epoch: it waits; an older one is dropped. */
  #relayed(event: keyof Relayed, message: FromServer[keyof Relayed]): void {
    if (message.epoch > this.epoch) this.#early.push({ event, message });
    if (message.epoch !== this.epoch || this.phase !== 'admitted') return;
    if (event === 'media-state') this.#saidMedia(message as FromServer['media-state']);
    else {
      this.#meet();
      void this.peer?.receive(event, message);
    }
  }

  #takeEarly(): void {
    const early = this.#early;
    this.#early = [];
    for (const { event, message } of early) this.#relayed(event, message);
  }

  #saidMedia(said: FromServer['media-state']): void {
    const media = { mic: said.mic, camera: said.camera, sound_only: said.sound_only };
    this.peers = this.peers.map((peer) => (peer.seat === said.from ? { ...peer, media } : peer));
    this.#changed();
  }

  #located(location: FromServer['location']): void {
    this.location = location;
    this.#changed();
  }

  #ended(appointment: string, reason: Outcome): void {
    if (appointment !== this.#parts.appointment) return;
    this.ending = reason;
    this.#stop('over');
  }

  #stop(phase: Phase, hangUp = true): void {
    clearTimeout(this.#retry);
    this.#wantsSeat = false;
    this.#dropPeer();
    this.phase = phase;
    this.seat = undefined;
    if (hangUp) this.#parts.transport.close();
    this.#changed();
  }
}
