/** What patients' pages ask of visits: which are still to come, and when a room opens. */
import type { Appointment } from './api/types.ts';
import { wallAt } from './wall.ts';

const LIVE: readonly string[] = ['booked', 'arrived'];

export const isComing = (visit: Appointment, now: Date): boolean =>
  LIVE.includes(visit.status) && new Date(visit.ends_at) > now;

export function coming(visits: readonly Appointment[], now: Date): Appointment[] {
  return visits.filter((visit) => isComing(visit, now)).sort((a, b) => a.starts_at.localeCompare(b.starts_at));
}

export function past(visits: readonly Appointment[], now: Date): Appointment[] {
  return visits.filter((visit) => !isComing(visit, now)).sort((a, b) => b.starts_at.localeCompare(a.starts_at));
}

/** Wall time at which the room opens, at the clinic's clock of that day. */
export const opensAt = (visit: Appointment): string | null =>
  visit.room_opens_at ? wallAt(new Date(visit.room_opens_at), visit.offset) : null;
