/** The clinic's calendar as columns, one practitioner on one day each; pure. */
import type { Appointment, AppointmentStatus, Away, CalendarPage, GroupSession, HeldTime, Moment } from '../../lib/api/types.ts';
import { DAY, minutesOn, type Span } from './grid.ts';

export interface Column {
  readonly key: string;
  readonly day: string;
  readonly id: string;
  readonly name: string;
  /** The zone whose clocks the column shows, as the server named it; unknown where nothing is planned. */
  readonly tz: string | undefined;
  /** The distance of those clocks to UTC, in minutes. */
  readonly offset: number | undefined;
  readonly open: readonly Span[];
  readonly visits: readonly Appointment[];
  readonly groups: readonly GroupSession[];
  /** Times that somebody is confirming. */
  readonly held: readonly HeldTime[];
  readonly away: readonly Away[];
}

const HIDDEN: readonly AppointmentStatus[] = ['cancelled', 'expired'];

interface Person {
  readonly id: string;
  readonly name: string;
}

/** Whether a stretch of wall time touches `day`. */
export function lieOn(stretch: { readonly local: string; readonly local_end: string }, day: string): boolean {
  return minutesOn(day, stretch.local) < DAY && minutesOn(day, stretch.local_end) > 0;
}

/** Those who are open for visits, away or hold some on `day`, by name. */
export function peopleOf(page: CalendarPage, day: string): Person[] {
  const people = new Map<string, string>();
  const there = [...[...page.hours, ...page.leave].filter((each) => lieOn(each, day)), ...shownOf(page.items, day), ...shownOf(page.groups ?? [], day)];
  for (const each of there) people.set(each.practitioner, each.practitioner_name);
  return [...people].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
}

/** One person's day: the opening hours, and the visits soonest first. */
export function columnOf(page: CalendarPage, person: Person, day: string): Column {
  const hours = page.hours.filter((each) => each.practitioner === person.id);
  const visits = shownOf(page.items, day).filter((visit) => visit.practitioner === person.id);
  const groups = shownOf(page.groups ?? [], day).filter((session) => session.practitioner === person.id);
  const clock = visits[0] ?? groups[0] ?? hours.find((each) => each.local.startsWith(day)) ?? hours[0];
  return {
    key: `${day} ${person.id}`,
    day,
    ...person,
    tz: clock?.tz,
    offset: clock && offsetOf(clock),
    open: hours.map((each) => ({ from: minutesOn(day, each.local), to: minutesOn(day, each.local_end) })),
    visits: visits.sort(byTime),
    groups: groups.sort(byTime),
    held: page.holds?.filter((each) => each.practitioner === person.id && each.local.startsWith(day)) ?? [],
    away: page.leave.filter((each) => each.practitioner === person.id && lieOn(each, day)),
  };
}

/** Visits and sessions of a column, soonest first. */
export function entriesOf(column: Column): (Appointment | GroupSession)[] {
  return [...column.visits, ...column.groups].sort(byTime);
}

const byTime = (one: Moment, other: Moment): number => Date.parse(one.starts_at) - Date.parse(other.starts_at);

function shownOf<T extends Appointment | GroupSession>(entries: readonly T[], day: string): T[] {
  return entries.filter((entry) => entry.local.startsWith(day) && !HIDDEN.includes(entry.status));
}

/** Visits to come of a column that were called off and whose time nobody has taken since; one for each start. */
export function freedIn(page: CalendarPage, column: Column, now: number): Appointment[] {
  const gone = page.items.filter((visit) => visit.status === 'cancelled' && visit.practitioner === column.id && visit.local.startsWith(column.day) && Date.parse(visit.starts_at) > now);
  const taken: readonly Stretch[] = [...column.visits, ...column.groups, ...column.held];
  const free = gone.filter((visit) => !taken.some((other) => meet(visit, other)));
  return free.filter((visit, index) => free.findIndex((other) => meet(visit, other)) === index);
}

type Stretch = Pick<Moment, 'starts_at' | 'ends_at'>;
const meet = (one: Stretch, other: Stretch): boolean => Date.parse(one.starts_at) < Date.parse(other.ends_at) && Date.parse(other.starts_at) < Date.parse(one.ends_at);

/** The distance to UTC in minutes, read off an instant and its wall time. */
function offsetOf(moment: Pick<Moment, 'starts_at' | 'local'>): number {
  return (Date.parse(`${moment.local}Z`) - Date.parse(moment.starts_at)) / 60_000;
}

export const minutesOf = (visit: Moment): number => (Date.parse(visit.ends_at) - Date.parse(visit.starts_at)) / 60_000;

/** The wall time at which a visit ends; visits do not cross a change of the clocks. */
export function localEnd(visit: Moment): string {
  return new Date(Date.parse(`${visit.local}Z`) + minutesOf(visit) * 60_000).toISOString().slice(0, 16);
}

/** How long before its start the clinic takes somebody as come for a visit (clinic/scheduling/rules/booking.py). */
const CHECK_IN_MS = 75 * 60_000;

/** What the desk may note about a visit at `now`; the server decides again. */
export function deskActs(visit: Appointment, now: number): { readonly checkIn: boolean; readonly noShow: boolean } {
  const [starts, ends] = [Date.parse(visit.starts_at), Date.parse(visit.ends_at)];
  const ahead = visit.status === 'booked';
  // who was said not to have come may come late
  return { checkIn: (ahead || visit.status === 'noshow') && starts - CHECK_IN_MS <= now && now < ends, noShow: ahead && starts <= now };
}
