/**
 * Hears over the socket that something in the clinic's diary has changed (`/calendar`, event `changed`). The news
 * names no person: the page reads again. A calendar without a line reads again by itself each minute.
 */
import type { Socket } from 'socket.io-client';

export interface News {
  readonly appointment: string;
  readonly practitioner: string;
  readonly from: string;
  readonly to: string;
}
const AGAIN_MS = 60_000;

/** What else is told there: an urgent request that concerns this person has gone on, the waitlist is another one. */
export interface Besides {
  readonly urgent?: () => void;
  readonly waitlist?: () => void;
}

/** Call `heard` at every change, with nothing where one may have been missed (of the waitlist, too); returns how to stop. */
export function watchDiary(heard: (news?: News) => void, { urgent, waitlist }: Besides = {}): () => void {
  let stopped = false;
  let socket: Socket | undefined;
  const missed = (): void => {
    heard();
    waitlist?.();
  };
  const timer = setInterval(() => socket?.connected || missed(), AGAIN_MS);
  void import('socket.io-client').then(({ io }) => {
    if (stopped) return;
    let before = false;
    socket = io('/calendar', { transports: ['websocket', 'polling'] });
    socket.on('connect', () => {
      if (before) missed();
      before = true;
    });
    socket.on('changed', (news: News) => heard(news));
    if (urgent) socket.on('urgent', () => urgent());
    if (waitlist) socket.on('waitlist', () => waitlist());
  }, () => undefined); // without the library the minute's look remains
  return () => {
    stopped = true;
    clearInterval(timer);
    socket?.disconnect();
  };
}
