/** What of the access log stands on the page, and in which lines; pure. */
import type { LogEntry } from '../../lib/api/types.ts';

export type Filter = 'others' | 'all' | 'allowed' | 'refused' | 'emergency';

export const EMERGENCY: readonly string[] = ['BTG', 'ETREAT'];

export const isEmergency = (entry: LogEntry): boolean => entry.purpose !== null && EMERGENCY.includes(entry.purpose);

/** Patients see their own acts as theirs; another patient comes without a name. */
export const isOwn = (entry: LogEntry): boolean => entry.actor_name !== null && entry.actor_role.split(',').includes('patient');

export function passes(entry: LogEntry, filter: Filter): boolean {
  if (filter === 'all') return true;
  if (filter === 'others') return !isOwn(entry);
  return filter === 'emergency' ? isEmergency(entry) : entry.outcome === filter;
}

export interface DayOf<T> {
  readonly date: string;
  readonly items: T[];
}

/** Group in the order given; `dateOf` tells the day of an item. */
export function byDay<T>(items: readonly T[], dateOf: (item: T) => string): DayOf<T>[] {
  const days: DayOf<T>[] = [];
  for (const item of items) {
    const date = dateOf(item);
    const last = days[days.length - 1];
    if (last?.date === date) last.items.push(item);
    else days.push({ date, items: [item] });
  }
  return days;
}

/** One line of the log: the newest of acts that are alike, and how often there was one. */
export interface Line {
  readonly entry: LogEntry;
  readonly times: number;
}

const likeness = (entry: LogEntry): string =>
  [entry.actor_name, entry.actor_role, entry.action, entry.object_type, entry.purpose, entry.outcome, entry.reason_code].join('|');

/** Put acts that are alike into one line, where the newest stood. */
export function together(entries: readonly LogEntry[]): Line[] {
  const lines = new Map<string, Line>();
  for (const entry of entries) {
    const key = likeness(entry);
    const line = lines.get(key);
    lines.set(key, { entry: line?.entry ?? entry, times: (line?.times ?? 0) + entry.times });
  }
  return [...lines.values()];
}
