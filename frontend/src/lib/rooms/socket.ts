/** The Socket.IO line to `/rooms`; its library is fetched when it is needed first. */
import { acked, faultOf, received } from './messages.ts';
import type { Transport } from './session.ts';
import type { Ack, FromServer, Send } from './wire.ts';

const PROTOCOL = 1;
const ANSWER_MS = 8_000;
const AGAIN_MS = 2_000;
const TRIES = 4;
const FOR_GOOD = new Set(['signed_out', 'protocol_unsupported', 'too_many_sockets']);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function openSocket(): Promise<Transport> {
  const { io } = await import('socket.io-client');
  const socket = io('/rooms', {
    auth: { protocol: PROTOCOL },
    transports: ['websocket', 'polling'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 4_000,
    forceNew: true,
  });

  let closed = false;

  async function ask(event: string, message: unknown): Promise<Ack> {
    if (!socket.connected) return acked(undefined);
    const answer: unknown = await socket.timeout(ANSWER_MS).emitWithAck(event, message).catch(() => undefined);
    return acked(answer);
  }

  /** Too fast: wait as told and say it again. The rest is the caller's to decide. */
  const send: Send = async (event, message) => {
    const field = faultOf(event, message);
    if (field !== undefined) return { ok: false, code: 'invalid_message', field };
    let ack = await ask(event, message);
    for (let tries = 1; ack.code === 'rate_limited' && tries < TRIES; tries += 1) {
      await pause(ack.retry_after_ms ?? 1_000);
      ack = await ask(event, message);
    }
    return ack;
  };

  return {
    send,
    on: <E extends keyof FromServer>(event: E, take: (message: FromServer[E]) => void): void => {
      socket.on(event as string, (raw: unknown) => {
        const message = received(event, raw);
        if (message) take(message);
      });
    },
    onLine: (take) => {
      socket.on('connect', () => take(true));
      socket.on('disconnect', (reason) => {
        take(false);
        // The library comes back from everything but the server's own word; ours is to ask again.
        if (reason === 'io server disconnect') setTimeout(() => closed || socket.connect(), AGAIN_MS);
      });
      socket.on('connect_error', (error) => take(false, FOR_GOOD.has(error.message) ? error.message : undefined));
      if (socket.connected) take(true);
    },
    close: () => {
      closed = true;
      socket.disconnect();
    },
  };
}
