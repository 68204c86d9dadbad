/** Opening hours as the server sends and takes them; all times are wall times. */
import type { Appointment, Modality } from '../../lib/api/types.ts';
import { addDays } from '../../lib/wall.ts';

export interface DatedRule {
  weekday: number;
  start: string;
  end: string;
  overnight: boolean;
  tz: string;
  site: string | null;
  modality: Modality[];
}

export interface Rule extends DatedRule {
  valid_from: string;
  valid_to: string | null;
}

export interface HoursSet {
  kind: 'ramadan' | 'travel' | 'other';
  from: string;
  to: string;
  rules: DatedRule[];
}

export interface Stretch {
  readonly id: string | null;
  readonly kind: 'open' | 'closed' | 'leave';
  readonly starts: string;
  readonly ends: string;
  readonly cover_name: string | null;
  readonly reason: string | null;
}

/** What is booked in a stretch that is to be closed. */
export interface Taken {
  readonly visits: readonly Appointment[];
  readonly groups: readonly { readonly id: string; readonly local: string; readonly service_name: string }[];
}

export interface Effect extends Taken {
  readonly stretch: Stretch;
  /** Of somebody on leave: when they would be on call. */
  readonly duties: readonly { readonly starts_at: string; readonly local: string; readonly local_end: string }[];
}

export interface HoursDocument {
  readonly rules: readonly Rule[];
  readonly sets: readonly HoursSet[];
  readonly exceptions: readonly Stretch[];
  readonly leave: readonly Stretch[];
}

/** What of it a form edits. */
export interface Draft {
  rules: Rule[];
  sets: HoursSet[];
}

export interface Holiday {
  readonly id: string;
  readonly name: string;
  readonly starts: string;
  readonly ends: string;
  readonly closes: boolean;
}

export interface Proposal {
  readonly from: string;
  readonly to: string;
  readonly names: Readonly<Record<string, string>>;
  readonly estimated: boolean;
}

export interface Days {
  readonly from: string;
  readonly to: string;
}

export const newRule = (tz: string): DatedRule => ({
  weekday: 0,
  start: '09:00',
  end: '17:00',
  overnight: false,
  tz,
  site: null,
  modality: ['video', 'phone', 'in_person'],
});

/** Other hours for a while begin as the usual ones, to be shortened or moved. */
export function newSet(kind: HoursSet['kind'], days: Days, usual: readonly Rule[]): HoursSet {
  const rules = usual.map(({ valid_from: _from, valid_to: _to, ...rule }) => ({ ...rule, modality: [...rule.modality] }));
  return { kind, ...days, rules };
}

/** Whole days as wall times: from the first midnight to the one after the last day. */
export const wholeDays = ({ from, to }: Days): { starts: string; ends: string } => ({
  starts: `${from}T00:00`,
  ends: `${addDays(to, 1)}T00:00`,
});

/** The last day of a stretch that ends at midnight is the day before. */
export const lastDay = (ends: string): string => (ends.endsWith('T00:00') ? addDays(ends.slice(0, 10), -1) : ends.slice(0, 10));
