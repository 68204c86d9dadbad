/** Arithmetic on wall times written as text; pure, no zone, no clock. */

/** The BCP 47 tag that dates are written in. Arabic follows the Levant's month names. */
export function localeTag(language: string, digits: 'latn' | 'arab'): string {
  const base = { ar: 'ar-PS', fr: 'fr', en: 'en-GB' }[language] ?? 'en-GB';
  return `${base}-u-ca-gregory-nu-${language === 'ar' ? digits : 'latn'}`;
}

/** The wall time as if it were UTC, to be formatted with `timeZone: 'UTC'`. */
export function wallDate(local: string): Date {
  return new Date(local.length === 10 ? `${local}T00:00Z` : `${local.slice(0, 16)}Z`);
}

export const dateOf = (local: string): string => local.slice(0, 10);

export function addDays(date: string, days: number): string {
  const at = wallDate(date);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The wall time at an offset ("+02:00") of an instant: "now" at the clinic without a zone database. */
export function wallAt(instant: Date, offset: string): string {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(offset);
  if (!match) throw new RangeError(`not an offset: ${offset}`);
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  const signed = match[1] === '-' ? -minutes : minutes;
  return new Date(instant.getTime() + signed * 60_000).toISOString().slice(0, 16);
}

/** Minutes that this device's clock is ahead of UTC, written as an offset. */
export function deviceOffset(instant: Date): string {
  const minutes = -instant.getTimezoneOffset();
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export type PartOfDay = 'morning' | 'afternoon' | 'evening';

export function partOfDay(local: string): PartOfDay {
  const hour = Number(local.slice(11, 13));
  if (hour < 12) return 'morning';
  return hour < 17 ? 'afternoon' : 'evening';
}
