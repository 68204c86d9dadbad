/** Slots sorted into the days of a week and the parts of a day; wall time only. */
import type { Slot } from '../../lib/api/types.ts';
import { addDays, dateOf, type PartOfDay, partOfDay } from '../../lib/wall.ts';

export interface Day {
  readonly date: string;
  readonly slots: readonly Slot[];
}

export interface Part {
  readonly part: PartOfDay;
  readonly slots: readonly Slot[];
}

export function daysOf(first: string, slots: readonly Slot[]): Day[] {
  return Array.from({ length: 7 }, (_, index) => {
    const date = addDays(first, index);
    return { date, slots: slots.filter((slot) => dateOf(slot.local) === date) };
  });
}

export function partsOf(slots: readonly Slot[]): Part[] {
  const order: readonly PartOfDay[] = ['morning', 'afternoon', 'evening'];
  return order
    .map((part) => ({ part, slots: slots.filter((slot) => partOfDay(slot.local) === part) }))
    .filter((each) => each.slots.length > 0);
}

/** The first day of the week with `date`, counted in weeks from `today`. */
export function weekWith(today: string, date: string): string {
  const next = addDays(today, 7);
  return date < next ? today : weekWith(next, date);
}

/** The window to ask the server for: a day wider on each side, because zones differ by up to a day. */
export function windowOf(first: string, now: Date): { from: string; to: string } {
  const start = new Date(`${addDays(first, -1)}T00:00:00Z`);
  const from = start < now ? now : start;
  return { from: from.toISOString(), to: `${addDays(first, 8)}T00:00:00Z` };
}

/** The zone that all times share, if they do: where they differ, each says its own. */
export const oneZone = (slots: readonly Slot[]): string | undefined => (slots.every((slot) => slot.tz === slots[0]?.tz) ? slots[0]?.tz : undefined);

export const slotKey = (slot: Slot): string => `${slot.starts_at}|${slot.practitioner}`;
