/** The present in the calendar, on the clocks of each column; pure. */
import type { Appointment } from '../../lib/api/types.ts';
import type { Column } from './columns.ts';
import { minutesOn } from './grid.ts';

/** Minutes of the column's day that have gone by at the instant `now`: below 0 on days to come. */
export function nowIn(column: Pick<Column, 'day' | 'offset'>, now: number): number {
  if (column.offset === undefined) return -1;
  return minutesOn(column.day, new Date(now + column.offset * 60_000).toISOString());
}

/** How many minutes somebody is late for a visit that has begun, 0 where nobody is waited for. */
export function lateBy(visit: Appointment, now: number): number {
  const begun = Date.parse(visit.starts_at) <= now && now < Date.parse(visit.ends_at);
  return visit.status === 'booked' && begun ? Math.floor((now - Date.parse(visit.starts_at)) / 60_000) : 0;
}
