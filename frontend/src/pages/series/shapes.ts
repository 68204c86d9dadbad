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
  /** It is booked all the same, over what it meets. */
  readonly over: boolean;
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
  /** Booked over what is in the way, which the desk may where it is nobody's own other visit. */
  readonly over: readonly string[];
}

export const NONE: Choices = { moved: {}, left_out: [], over: [] };
const FIRM: readonly Fate[] = ['free', 'patient_clash', 'left_out'];

/** The rhythm's own instant of a date, wherever it has been moved to. */
export const original = (date: Occurrence): string => date.instead_of ?? date.starts_at;

/** Instants are compared as such: the server may write them with another offset than it was sent. */
const same = (one: string, other: string): boolean => Date.parse(one) === Date.parse(other);

export function takeBack(choices: Choices, from: string): Choices {
  const others = (dates: readonly string[]): string[] => dates.filter((each) => !same(each, from));
  const moved = Object.fromEntries(Object.entries(choices.moved).filter(([each]) => !same(each, from)));
  return { moved, left_out: others(choices.left_out), over: others(choices.over) };
}

export function moveTo(choices: Choices, from: string, to: string): Choices {
  const others = takeBack(choices, from);
  return { ...others, moved: { ...others.moved, [from]: to } };
}

export function leaveOut(choices: Choices, from: string): Choices {
  const others = takeBack(choices, from);
  return { ...others, left_out: [...others.left_out, from] };
}

/** A date stays where it is, moved or not, and goes over what it meets there. */
export function goOver(choices: Choices, from: string): Choices {
  return { ...choices, over: [...choices.over.filter((each) => !same(each, from)), from] };
}

export const mayGoOver = (date: Occurrence): boolean => !FIRM.includes(date.fate);

export const goesOver = (choices: Choices, date: Occurrence): boolean => mayGoOver(date) && choices.over.some((each) => same(each, original(date)));

/** The choices as the server takes them; every date that is neither free nor gone over is left out by name when it is saved. */
export function asked(choices: Choices, dates: readonly Occurrence[] = []): { moved: { instead_of: string; starts_at: string }[]; left_out: string[] } {
  const lost = dates.filter((date) => date.fate !== 'free' && !goesOver(choices, date)).map(original);
  const gone = [...choices.left_out, ...lost.filter((each) => !choices.left_out.some((one) => same(one, each)))];
  const moved = Object.entries(choices.moved)
    .filter(([from]) => !gone.some((each) => same(each, from)))
    .map(([instead_of, starts_at]) => ({ instead_of, starts_at }));
  return { moved, left_out: gone };
}

/** The dates that are saved over what they meet, and why; nothing where there is none. */
export function askedOver(choices: Choices, dates: readonly Occurrence[], reason: string): { over?: string[]; override?: { reason: string } } {
  const over = dates.filter((date) => goesOver(choices, date)).map(original);
  return over.length ? { over, override: { reason } } : {};
}

/** How many dates are saved. */
export const savedOf = (choices: Choices, dates: readonly Occurrence[]): number => dates.filter((date) => date.fate === 'free' || goesOver(choices, date)).length;

/** Whether a visit on its way goes there: it is free, or the desk goes over what is in the way. */
export const movesTo = (over: readonly string[], date: Occurrence): boolean => date.fate === 'free' || movesOver(over, date);

export const movesOver = (over: readonly string[], date: Occurrence): boolean => mayGoOver(date) && date.appointment !== null && over.includes(date.appointment);

export const freeOf = (dates: readonly Occurrence[]): number => dates.filter((date) => date.fate === 'free').length;
