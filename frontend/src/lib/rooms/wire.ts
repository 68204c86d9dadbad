/** Every message of docs/signalling.md as types: what we send, what the server sends, and its answer. */

export type SeatRole = 'patient' | 'practitioner';
export type SeatState = 'waiting' | 'admitted';

export interface MediaState {
  readonly mic: boolean;
  readonly camera: boolean;
  readonly sound_only: boolean;
}

export interface PeerInfo {
  readonly seat: string;
  readonly role: SeatRole;
  readonly name: string;
  readonly state: SeatState;
  /** False while the line of this seat is down. */
  readonly here: boolean;
  readonly media: MediaState | null;
}

export interface Visit {
  readonly id: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly local: string;
  readonly tz: string;
  readonly offset: string;
  readonly modality: string;
}

export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

interface Epoch {
  readonly epoch: number;
}

export interface Place {
  readonly place: string;
  readonly phone: string;
}

/** What is relayed between the two browsers. */
export interface Relayed {
  description: Epoch & { readonly description: Description };
  candidate: Epoch & { readonly candidate: RTCIceCandidateInit | null };
  restart: Epoch;
  commit: Epoch & { readonly commit: string };
  reveal: Epoch & { readonly nonce: string };
  'media-state': Epoch & MediaState;
}

export interface FromClient extends Relayed {
  watch: Readonly<Record<never, never>>;
  arrive: { readonly appointment: string };
  join: { readonly ticket: string; readonly instance: string };
  admit: Epoch & { readonly seat: string };
  location: Epoch & Place;
  leave: Epoch;
  end: Epoch;
}

interface Peers extends Epoch {
  readonly peers: readonly PeerInfo[];
}

export interface Welcome extends Peers {
  readonly room: string;
  readonly seat: string;
  readonly role: SeatRole;
  readonly polite: boolean;
  readonly state: SeatState;
  readonly appointment: Visit;
  readonly closes_at: string;
}

export interface Arrival {
  readonly appointment: string;
  readonly seat: string | null;
  readonly patient_name: string;
  readonly starts_at: string;
  readonly since: string;
  readonly state: 'arrived' | 'waiting' | 'admitted' | 'away';
}

export type Ending = 'ended' | 'cancelled' | 'moved';

export type FromServer = { [E in keyof Relayed]: Relayed[E] & { readonly from: string } } & {
  welcome: Welcome;
  admitted: Peers;
  presence: Peers;
  arrivals: { readonly items: readonly Arrival[] };
  location: Epoch & Place & { readonly from: string; readonly given_at: string };
  replaced: Readonly<Record<never, never>>;
  ended: { readonly appointment: string; readonly reason: Ending };
};

export interface Ack {
  readonly ok: boolean;
  readonly code: string;
  readonly field?: string;
  readonly retry_after_ms?: number;
}

/** Sends one message and answers with the server's ack; never rejects. */
export type Send = <E extends keyof FromClient>(event: E, message: FromClient[E]) => Promise<Ack>;
