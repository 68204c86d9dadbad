/** A day of the clinic as one column per therapist; pure. */
import type { Appointment, AppointmentStatus } from '../../lib/api/types.ts';

export interface Column {
  readonly id: string;
  readonly name: string;
  readonly visits: readonly Appointment[];
}

const HIDDEN: readonly AppointmentStatus[] = ['cancelled', 'expired'];

/** Those who hold visits on `day`, by name; within a column soonest first. */
export function columnsOf(visits: readonly Appointment[], day: string): Column[] {
  const columns = new Map<string, { id: string; name: string; visits: Appointment[] }>();
  for (const visit of visits) {
    if (!visit.local.startsWith(day) || HIDDEN.includes(visit.status)) continue;
    const column = columns.get(visit.practitioner) ?? { id: visit.practitioner, name: visit.practitioner_name, visits: [] };
    column.visits.push(visit);
    columns.set(visit.practitioner, column);
  }
  for (const column of columns.values()) column.visits.sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  return [...columns.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The wall time at which a visit ends; visits do not cross a change of the clocks. */
export function localEnd(visit: Appointment): string {
  const minutes = (Date.parse(visit.ends_at) - Date.parse(visit.starts_at)) / 60_000;
  return new Date(Date.parse(`${visit.local}Z`) + minutes * 60_000).toISOString().slice(0, 16);
}

/** How long before its start the clinic takes somebody as come for a visit (clinic/scheduling/rules/booking.py). */
const CHECK_IN_MS = 75 * 60_000;

/** What the desk may note about a visit at `now`; the server decides again. */
export function deskActs(visit: Appointment, now: number): { readonly checkIn: boolean; readonly noShow: boolean } {
  const [starts, ends] = [Date.parse(visit.starts_at), Date.parse(visit.ends_at)];
  const ahead = visit.status === 'booked';
  return { checkIn: ahead && starts - CHECK_IN_MS <= now && now < ends, noShow: ahead && starts <= now };
}
