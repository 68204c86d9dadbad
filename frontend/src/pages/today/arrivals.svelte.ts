/**
 * Who has come for a session, told live over the socket (docs/signalling.md, `watch`). Without a socket the
 * list is null, and the page shows what the day list itself knows when it is looked at again.
 */
import type { Socket } from 'socket.io-client';

export interface Arrival {
  readonly appointment: string;
  readonly seat: string | null;
  readonly patient_name: string;
  readonly starts_at: string;
  readonly since: string;
  readonly state: 'arrived' | 'waiting' | 'admitted' | 'away';
}

const PROTOCOL = 1;

export class Arrivals {
  items = $state.raw<readonly Arrival[] | null>(null);
  #socket: Socket | undefined;
  #stopped = false;

  async start(): Promise<void> {
    const { io } = await import('socket.io-client');
    if (this.#stopped) return;
    const socket = io('/rooms', { transports: ['websocket', 'polling'], auth: { protocol: PROTOCOL } });
    socket.on('connect', () => socket.emit('watch', {}));
    socket.on('arrivals', (message: { items: readonly Arrival[] }) => {
      this.items = message.items;
    });
    socket.on('disconnect', () => {
      this.items = null;
    });
    this.#socket = socket;
  }

  of(appointment: string): Arrival | undefined {
    return this.items?.find((arrival) => arrival.appointment === appointment);
  }

  /** Those to be let in, longest wait first. */
  get waiting(): readonly Arrival[] {
    const here = (this.items ?? []).filter((arrival) => arrival.state !== 'admitted');
    return here.toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since));
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.disconnect();
  }
}
