/** A line to a server that tests play themselves: they say what it answers and push what it would. */
import type { Peer } from '../peer.ts';
import { type PeerWish, RoomSession, type Ticket, type Transport } from '../session.ts';
import type { Ack, FromClient, FromServer, PeerInfo, SeatState, Welcome } from '../wire.ts';

export const APPOINTMENT = '5b3f1a52-6a0e-4d0c-9d7f-2f1f6a6f9a10';
export const SEAT = 'c2a7f0de-2f44-4a55-8f5e-0f4f3a3b1c21';
export const OTHER = '7d1be9a4-91c3-4a7e-9a0b-5d6c7e8f9a32';

export class FakeLine implements Transport {
  readonly sent: { readonly event: string; readonly message: unknown }[] = [];
  answers: Record<string, Ack> = {};
  closed = false;
  up: (up: boolean, refused?: string) => void = () => undefined;
  readonly #takers = new Map<string, (message: never) => void>();

  send = async <E extends keyof FromClient>(event: E, message: FromClient[E]): Promise<Ack> => {
    this.sent.push({ event, message });
    return this.answers[event] ?? { ok: true, code: 'ok' };
  };

  on<E extends keyof FromServer>(event: E, take: (message: FromServer[E]) => void): void {
    this.#takers.set(event, take);
  }

  onLine(take: (up: boolean, refused?: string) => void): void {
    this.up = take;
  }

  push<E extends keyof FromServer>(event: E, message: FromServer[E]): void {
    this.#takers.get(event)?.(message as never);
  }

  close(): void {
    this.closed = true;
  }

  said(event: string): unknown[] {
    return this.sent.filter((each) => each.event === event).map((each) => each.message);
  }
}

export class FakePeer {
  received: unknown[] = [];
  resumed = 0;
  closed = false;
  readonly wish: PeerWish;

  constructor(wish: PeerWish) {
    this.wish = wish;
  }

  async receive(event: string, message: unknown): Promise<void> {
    this.received.push([event, message]);
  }

  resume(): void {
    this.resumed += 1;
  }

  close(): void {
    this.closed = true;
  }
}

export function other(state: SeatState = 'admitted', here = true): PeerInfo {
  return { seat: OTHER, role: 'practitioner', name: 'Salma', state, here, media: null };
}

export function welcome(epoch: number, state: SeatState, peers: readonly PeerInfo[]): Welcome {
  const times = { starts_at: '2026-11-22T14:00:00+00:00', ends_at: '2026-11-22T14:50:00+00:00', local: '2026-11-22T16:00' };
  const appointment = { id: APPOINTMENT, ...times, tz: 'Asia/Hebron', offset: '+02:00', modality: 'video' };
  const closes_at = '2026-11-22T15:50:00+00:00';
  return { room: SEAT, seat: SEAT, epoch, role: 'patient', polite: false, state, peers, appointment, closes_at };
}

export interface Scene {
  readonly line: FakeLine;
  readonly session: RoomSession;
  readonly peers: FakePeer[];
  readonly tickets: number[];
  ticket: () => Promise<Ticket>;
  retries: boolean;
}

export function scene(): Scene {
  const line = new FakeLine();
  const peers: FakePeer[] = [];
  const tickets: number[] = [];
  const made: { ticket: Scene['ticket']; retries: boolean } = {
    ticket: async () => ({ ticket: 'T'.repeat(43), ice_servers: [], phone: '+972 2 000 0000' }),
    retries: true,
  };
  const session = new RoomSession({
    appointment: APPOINTMENT,
    transport: line,
    ticket: () => {
      tickets.push(tickets.length + 1);
      return made.ticket();
    },
    makePeer: (wish) => {
      const peer = new FakePeer(wish);
      peers.push(peer);
      return peer as unknown as Peer;
    },
    changed: () => undefined,
    refused: () => made.retries,
  });
  return Object.assign(made, { line, session, peers, tickets });
}
