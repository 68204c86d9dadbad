/** A day of visits as rows in order, with the breaks between them; pure, the time is passed in. */
import type { Appointment, AppointmentStatus, GroupSession, Moment } from '../../lib/api/types.ts';
import type { Arrival } from './arrivals.svelte.ts';

export type Phase = 'past' | 'now' | 'coming';
export type Row =
  | { readonly kind: 'visit'; readonly id: string; readonly visit: Appointment; readonly phase: Phase; readonly minutes: number }
  | { readonly kind: 'session'; readonly id: string; readonly session: GroupSession; readonly phase: Phase; readonly minutes: number }
  | { readonly kind: 'gap'; readonly id: string; readonly until: string };

const GAP_MS = 45 * 60_000;
const OVER: readonly AppointmentStatus[] = ['fulfilled', 'noshow'];
const NOT_SHOWN: readonly AppointmentStatus[] = ['cancelled', 'held', 'expired'];

type Entry = Appointment | GroupSession;

export const minutesOf = (visit: Moment): number => Math.round((Date.parse(visit.ends_at) - Date.parse(visit.starts_at)) / 60_000);

export function phaseOf(visit: Entry, now: number): Phase {
  if (OVER.includes(visit.status) || Date.parse(visit.ends_at) <= now) return 'past';
  return Date.parse(visit.starts_at) <= now ? 'now' : 'coming';
}

/** Whether somebody has to say what became of a visit: nobody was seen, and of a call nobody ever is. */
export function isUndecided(visit: Appointment, phase: Phase): boolean {
  return visit.status === 'booked' && (phase === 'past' || (phase === 'now' && visit.modality === 'phone'));
}

/** Those of `visits` that stand on `day` (wall date of each visit's own zone), soonest first. */
export function ofDay<T extends Entry>(visits: readonly T[], day: string): T[] {
  return visits
    .filter((visit) => visit.local.startsWith(day) && !NOT_SHOWN.includes(visit.status))
    .sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at) || a.id.localeCompare(b.id));
}

/** Visits and sessions of one day, each soonest first, with the breaks between them. */
export function rowsOf(entries: readonly Entry[], now: number): Row[] {
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1];
    const free = before && Date.parse(entry.starts_at) - Date.parse(before.ends_at) >= GAP_MS;
    return free ? [{ kind: 'gap', id: `gap-${entry.id}`, until: entry.local } satisfies Row, rowOf(entry, now)] : [rowOf(entry, now)];
  });
}

function rowOf(entry: Entry, now: number): Row {
  const shared = { id: entry.id, phase: phaseOf(entry, now), minutes: minutesOf(entry) };
  return 'capacity' in entry ? { kind: 'session', session: entry, ...shared } : { kind: 'visit', visit: entry, ...shared };
}

export type Standing = 'done' | 'now' | 'waiting' | 'coming';

const STANDING: Readonly<Record<Phase, Standing>> = { past: 'done', now: 'now', coming: 'coming' };

/** Where a visit stands: those who are there count by where they are, the others by the clock. */
function standingOf(visit: Appointment, now: number, arrival: Pick<Arrival, 'state'> | undefined): Standing {
  if (!arrival || OVER.includes(visit.status)) return STANDING[phaseOf(visit, now)];
  return arrival.state === 'admitted' ? 'now' : 'waiting';
}

/** How many visits stand where; each is counted once. */
export function sumsOf(visits: readonly Appointment[], now: number, arrivals: readonly Pick<Arrival, 'appointment' | 'state'>[]): Record<Standing, number> {
  const sums: Record<Standing, number> = { done: 0, now: 0, waiting: 0, coming: 0 };
  for (const visit of visits) sums[standingOf(visit, now, arrivals.find((arrival) => arrival.appointment === visit.id))] += 1;
  return sums;
}
