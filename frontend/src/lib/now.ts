/** The present as wall time where this person is, by the server's reading of the zone. */
import { boot } from '$lib/boot';
import { wallAt } from './wall.ts';

/** 2026-11-22T16:04 */
export const wallNow = (): string => wallAt(new Date(), boot.clock.offset);

/** The wall time of an instant of today or near it, such as "signed_at": what is far off may lie an hour beside it. */
export const wallOf = (instant: string): string => wallAt(new Date(instant), boot.clock.offset);

/** Whole minutes since an instant; never negative, clocks of devices run ahead. */
export const minutesSince = (instant: string, now: number = Date.now()): number =>
  Math.max(0, Math.floor((now - Date.parse(instant)) / 60_000));
