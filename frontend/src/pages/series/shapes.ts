/** What the server says of series: each date as it was judged, and the series itself. */
import type { Appointment, Modality, Moment } from '../../lib/api/types.ts';

export type Rhythm = 'weekly' | 'fortnightly' | 'monthly';
export type Fate = 'free' | 'clash' | 'patient_clash' | 'outside_hours' | 'reserved' | 'no_room' | 'leave' | 'holiday' | 'left_out';

export type Scope = 'this' | 'following' | 'all';

export interface Part {
  readonly scope: Scope;
  readonly from: string;
}

export interface Occurrence extends Moment {
  readonly fate: Fate;
  readonly alternatives: readonly Moment[];
  readonly instead_of: string | null;
  readonly appointment: string | null;
}

export interface Series {
  readonly id: string;
  readonly patient: string;
  readonly practitioner: string;
  readonly service: string;
  readonly modality: Modality;
  readonly rhythm: Rhythm;
  readonly version: number;
  readonly visits: readonly Appointment[];
  readonly skipped: readonly { readonly local: string; readonly fate: Fate }[];
}

/** What the desk has decided for single dates, by the instant that the rhythm gives them. */
export interface Choices {
  readonly moved: Readonly<Record<string, string>>;
  readonly left_out: readonly string[];
}

export const NONE: Choices = { moved: {}, left_out: [] };

/** The rhythm's own instant of a date, wherever it has been moved to. */
export const original = (date: Occurrence): string => date.instead_of ?? date.starts_at;

/** Instants are compared as such: the server may write them with another offset than it was sent. */
const same = (one: string, other: string): boolean => Date.parse(one) === Date.parse(other);

export function moveTo(choices: Choices, from: string, to: string): Choices {
  return { moved: { ...choices.moved, [from]: to }, left_out: choices.left_out.filter((each) => !same(each, from)) };
}

export function leaveOut(choices: Choices, from: string): Choices {
  const moved = Object.fromEntries(Object.entries(choices.moved).filter(([each]) => !same(each, from)));
  return { moved, left_out: [...choices.left_out, from] };
}

export function takeBack(choices: Choices, from: string): Choices {
  const moved = Object.fromEntries(Object.entries(choices.moved).filter(([each]) => !same(each, from)));
  return { moved, left_out: choices.left_out.filter((each) => !same(each, from)) };
}

/** The choices as the server takes them; every date that is not free is left out by name when it is saved. */
export function asked(choices: Choices, dates: readonly Occurrence[] = []): { moved: { instead_of: string; starts_at: string }[]; left_out: string[] } {
  const lost = dates.filter((date) => date.fate !== 'free').map(original);
  const gone = [...choices.left_out, ...lost.filter((each) => !choices.left_out.some((one) => same(one, each)))];
  const moved = Object.entries(choices.moved)
    .filter(([from]) => !gone.some((each) => same(each, from)))
    .map(([instead_of, starts_at]) => ({ instead_of, starts_at }));
  return { moved, left_out: gone };
}

export const freeOf = (dates: readonly Occurrence[]): number => dates.filter((date) => date.fate === 'free').length;
