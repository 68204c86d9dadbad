/**
 * Where somebody was going when they had to register first, such as a chosen time. The link in the mail opens
 * a tab of its own, so this device remembers it for an hour; leaving quickly forgets it.
 */
import { NEXT } from '../../lib/session.ts';
import { safeNext } from '../sign-in/next.ts';

const HOUR_MS = 3_600_000;

export function keepNext(next: string, store: Storage = localStorage, now = Date.now()): void {
  store.setItem(NEXT, JSON.stringify({ next, until: now + HOUR_MS }));
}

/** The kept path while it is fresh; it is forgotten once it was asked for. */
export function keptNext(store: Storage = localStorage, now = Date.now()): string | undefined {
  const kept = JSON.parse(store.getItem(NEXT) ?? 'null') as { next: string; until: number } | null;
  store.removeItem(NEXT);
  return kept && kept.until > now ? safeNext(kept.next) : undefined;
}
