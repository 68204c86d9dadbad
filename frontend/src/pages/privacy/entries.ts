/** The access log in words: sentences by action, reasons by code, entries by day. */
import type { LogEntry } from '../../lib/api/types.ts';

export type Filter = 'all' | 'allowed' | 'refused' | 'emergency';

export const EMERGENCY: readonly string[] = ['BTG', 'ETREAT'];

export const isEmergency = (entry: LogEntry): boolean => entry.purpose !== null && EMERGENCY.includes(entry.purpose);

export function passes(entry: LogEntry, filter: Filter): boolean {
  if (filter === 'all') return true;
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
