/** Where things lie in the calendar's grid, from wall times alone; pure. Minutes count from the midnight of a day. */
import { addDays, wallDate } from '../../lib/wall.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One of several that lie side by side. */
export interface Lane {
  readonly lane: number;
  readonly of: number;
}

const HOUR = 60;
export const DAY = 24 * HOUR;
/** What is shown of a day that says nothing of itself. */
const USUAL: Span = { from: 8 * HOUR, to: 17 * HOUR };

export const minutesOn = (day: string, local: string): number => (wallDate(local).getTime() - wallDate(day).getTime()) / 60_000;

export const wallAfter = (day: string, minutes: number): string => new Date(wallDate(day).getTime() + minutes * 60_000).toISOString().slice(0, 16);

export const snapped = (minutes: number, step: number): number => Math.round(minutes / step) * step;

/** The whole hours around `spans`, and no less than a usual day; never beyond the day itself. */
export function hoursShown(spans: readonly Span[]): Span {
  const from = Math.min(USUAL.from, ...spans.map((span) => span.from));
  const to = Math.max(USUAL.to, ...spans.map((span) => span.to));
  return { from: Math.max(0, Math.floor(from / HOUR) * HOUR), to: Math.min(DAY, Math.ceil(to / HOUR) * HOUR) };
}

/** What of `shown` no opening covers. */
export function closedIn(shown: Span, open: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let from = shown.from;
  for (const span of open.toSorted((a, b) => a.from - b.from)) {
    if (span.from > from) gaps.push({ from, to: Math.min(span.from, shown.to) });
    from = Math.max(from, span.to);
  }
  if (from < shown.to) gaps.push({ from, to: shown.to });
  return gaps.filter((gap) => gap.to > gap.from);
}

/** Lays out `spans` (soonest first) so that none hides another: those that meet share the width. */
export function lanesOf(spans: readonly Span[]): Lane[] {
  const placed: { lane: number; cluster: number }[] = [];
  const widths: number[] = [];
  let ends: number[] = [];
  for (const span of spans) {
    if (ends.every((end) => end <= span.from)) {
      ends = [];
      widths.push(0);
    }
    const free = ends.findIndex((end) => end <= span.from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = span.to;
    const cluster = widths.length - 1;
    widths[cluster] = Math.max(widths[cluster] ?? 0, ends.length);
    placed.push({ lane, cluster });
  }
  return placed.map(({ lane, cluster }) => ({ lane, of: widths[cluster] ?? 1 }));
}

/** The seven days around `day`, from the clinic's first day of the week on (Monday is 0). */
export function weekOf(day: string, first: number): string[] {
  const monday = (wallDate(day).getUTCDay() + 6) % 7;
  const start = addDays(day, -((monday - first + 7) % 7));
  return Array.from({ length: 7 }, (_, index) => addDays(start, index));
}
