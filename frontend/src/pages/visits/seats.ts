/** Which sessions of groups a patient is shown: every seat of their own, however late, and the next free ones. */
import type { Page } from '../../lib/api/types.ts';
import type { Group } from '../groups/shapes.ts';

/** How many sessions are offered to somebody who has no seat in them yet. */
const OFFERED = 2;

/** Read a list page after page to its end. */
export async function whole<T>(read: (cursor?: string) => Promise<Page<T>>, cursor?: string): Promise<readonly T[]> {
  const { items, next } = await read(cursor);
  return next ? [...items, ...(await whole(read, next))] : items;
}

/** One's own seats, and the next of the `open` sessions that one may join, by time. */
export function shown(mine: readonly Group[], open: readonly Group[]): Group[] {
  const own = mine.filter((each) => each.status === 'booked' && (each.seat === 'booked' || each.seat === 'waiting'));
  const free = open.filter((each) => each.status === 'booked' && each.may.join).slice(0, OFFERED);
  return [...own, ...free].toSorted((a, b) => a.starts_at.localeCompare(b.starts_at));
}
