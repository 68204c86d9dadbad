/** The calendar by keyboard: arrows follow the eye, so in a right-to-left page the left one goes forward; pure. */
import type { Appointment } from '../../lib/api/types.ts';
import { minutesOf, type Column } from './columns.ts';
import { DAY, minutesOn } from './grid.ts';

export type Way = 'up' | 'down' | 'back' | 'forward';

/** A visit on its way to another place; nothing is saved yet. */
export interface Draft {
  readonly visit: Appointment;
  readonly column: Column;
  /** Where it would start on the column's day. */
  readonly from: number;
}

export function wayOf(key: string, rtl: boolean): Way | undefined {
  const ways: Record<string, Way> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: rtl ? 'forward' : 'back', ArrowRight: rtl ? 'back' : 'forward' };
  return ways[key];
}

/** The visit that lies `way` of the one with `id`: the next of its column, or the nearest in the next column that has any. */
export function neighbour(columns: readonly Column[], id: string, way: Way): Appointment | undefined {
  const at = columns.findIndex((column) => column.visits.some((visit) => visit.id === id));
  const column = columns[at];
  const index = column?.visits.findIndex((visit) => visit.id === id) ?? -1;
  const visit = column?.visits[index];
  if (!column || !visit) return undefined;
  if (way === 'up' || way === 'down') return column.visits[way === 'up' ? index - 1 : index + 1];
  const beside = way === 'forward' ? columns.slice(at + 1) : columns.slice(0, at).reverse();
  const start = minutesOn(column.day, visit.local);
  const far = (other: Appointment): number => Math.abs(minutesOn(other.local.slice(0, 10), other.local) - start);
  return beside.find((each) => each.visits.length)?.visits.toSorted((a, b) => far(a) - far(b))[0];
}

/** The place of a visit as it stands. */
export function placeOf(columns: readonly Column[], visit: Appointment): Draft | undefined {
  const column = columns.find((each) => each.visits.some((one) => one.id === visit.id));
  return column && { visit, column, from: minutesOn(column.day, visit.local) };
}

/** The place one step `way` of a draft; the same where there is none. */
export function shifted(columns: readonly Column[], draft: Draft, way: Way, step: number): Draft {
  if (way === 'up' || way === 'down') {
    const from = way === 'up' ? Math.ceil(draft.from / step - 1) * step : Math.floor(draft.from / step + 1) * step;
    const last = DAY - minutesOf(draft.visit);
    return { ...draft, from: Math.min(Math.max(0, from), last) };
  }
  const at = columns.findIndex((column) => column.key === draft.column.key);
  const column = columns[way === 'forward' ? at + 1 : at - 1];
  return column ? { ...draft, column } : draft;
}

/** Whether a draft lies where its visit stands. */
export function isThere({ visit, column, from }: Draft): boolean {
  return visit.practitioner === column.id && visit.local.startsWith(column.day) && minutesOn(column.day, visit.local) === from;
}
