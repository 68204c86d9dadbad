/**
 * Hears over the socket that a patient's word about the reader has changed (docs/consent.md, `watch`). The
 * news holds no content: the page reads again, and shows the refusal where the file has closed.
 */
import type { Socket } from 'socket.io-client';
import { Problem } from '$lib/api';

/** Call `again` at every change, and after a lost line, when one may have been missed; returns how to stop. */
export function onConsentChanged(patient: string, again: () => void): () => void {
  let stopped = false;
  let socket: Socket | undefined;
  void import('socket.io-client').then(({ io }) => {
    if (stopped) return;
    let before = false;
    socket = io('/files', { transports: ['websocket', 'polling'] });
    socket.on('connect', () => {
      socket?.emit('watch', { patient });
      if (before) again();
      before = true;
    });
    socket.on('consent-changed', again);
  }, () => undefined); // without the library the page is as open as its last look, which each return renews
  return () => {
    stopped = true;
    socket?.disconnect();
  };
}

/** The problem that closes a file, if `error` is one. */
export const closing = (error: unknown): Problem | undefined => (error instanceof Problem && [403, 404].includes(error.status) ? error : undefined);
