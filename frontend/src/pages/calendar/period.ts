/** The stretch of time that a day may cover in any of the clinic's zones; the page keeps what falls on the day. */
import { addDays } from '../../lib/wall.ts';

export interface Period {
  readonly from: string;
  readonly to: string;
}

/** From 3 hours before the first midnight to 3 hours after the last, at `offset`: sites lie up to 3 hours apart. */
export function around(first: string, offset: string, last: string = first): Period {
  return { from: `${addDays(first, -1)}T21:00:00${offset}`, to: `${addDays(last, 1)}T03:00:00${offset}` };
}
