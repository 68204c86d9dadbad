/** A day of visits as rows in order, with the breaks between them; pure, the time is passed in. */
import type { Appointment, AppointmentStatus } from '../../lib/api/types.ts';

export type Phase = 'past' | 'now' | 'coming';
export type Row =
  | { readonly kind: 'visit'; readonly id: string; readonly visit: Appointment; readonly phase: Phase; readonly minutes: number }
  | { readonly kind: 'gap'; readonly id: string; readonly until: string };

const GAP_MS = 45 * 60_000;
const OVER: readonly AppointmentStatus[] = ['fulfilled', 'noshow'];
const NOT_SHOWN: readonly AppointmentStatus[] = ['cancelled', 'held', 'expired'];

export const minutesOf = (visit: Appointment): number => Math.round((Date.parse(visit.ends_at) - Date.parse(visit.starts_at)) / 60_000);

export function phaseOf(visit: Appointment, now: number): Phase {
  if (OVER.includes(visit.status) || Date.parse(visit.ends_at) <= now) return 'past';
  return Date.parse(visit.starts_at) <= now ? 'now' : 'coming';
}

/** Those of `visits` that stand on `day` (wall date of each visit's own zone), soonest first. */
export function ofDay(visits: readonly Appointment[], day: string): Appointment[] {
  return visits
    .filter((visit) => visit.local.startsWith(day) && !NOT_SHOWN.includes(visit.status))
    .sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at) || a.id.localeCompare(b.id));
}

export function rowsOf(visits: readonly Appointment[], now: number): Row[] {
  return visits.flatMap((visit, index) => {
    const row: Row = { kind: 'visit', id: visit.id, visit, phase: phaseOf(visit, now), minutes: minutesOf(visit) };
    const before = visits[index - 1];
    const free = before && Date.parse(visit.starts_at) - Date.parse(before.ends_at) >= GAP_MS;
    return free ? [{ kind: 'gap', id: `gap-${visit.id}`, until: visit.local } satisfies Row, row] : [row];
  });
}

export interface Sums {
  readonly done: number;
  readonly coming: number;
}

export function sumsOf(visits: readonly Appointment[], now: number): Sums {
  const done = visits.filter((visit) => phaseOf(visit, now) === 'past').length;
  return { done, coming: visits.length - done };
}
