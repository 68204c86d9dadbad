/**
 * Times as people read them. The server sends wall time (`local`, "2026-11-22T16:00") with its zone;
 * the browser renders that and computes with no zone of its own: phones carry stale zone data.
 */
import { boot } from '$lib/boot';
import { localeTag, wallDate } from './wall.ts';

const tag = localeTag(boot.language, boot.clinic.digits);
const made = new Map<string, Intl.DateTimeFormat>();

function format(local: string, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  const found = made.get(key) ?? new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' });
  made.set(key, found);
  const words = found.format(wallDate(local));
  return boot.language === 'fr' && options.month ? words.replace(/\b1 /, '1er ') : words;
}

/** 16:00 */
export const clock = (local: string): string => format(local, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
/** Sunday 22 November */
export const day = (local: string): string => format(local, { weekday: 'long', day: 'numeric', month: 'long' });
/** Sunday 22 November 2026 */
export const longDay = (local: string): string =>
  format(local, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
/** 22 November 2026 */
export const date = (local: string): string => format(local, { day: 'numeric', month: 'long', year: 'numeric' });
/** November 2026 */
export const month = (local: string): string => format(local, { month: 'long', year: 'numeric' });
/** Sun */
export const weekday = (local: string): string => format(local, { weekday: 'short' });
export const longWeekday = (local: string): string => format(local, { weekday: 'long' });
/** 22 */
export const dayNumber = (local: string): string => format(local, { day: 'numeric' });
