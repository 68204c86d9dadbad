/** What somebody who waits would come for and when, in words of the page. */
import type { WaitEntry } from '$lib/api';
import { boot } from '$lib/boot';
import { t } from '$lib/i18n';
import { named } from '$lib/isolate';
import { date } from '$lib/time';
import { parts } from '../calendar/words.ts';
import { DAYS, dayName } from '../set-up/words.ts';

const EVERY_PART = 3;

const list = (words: readonly string[]): string => new Intl.ListFormat(boot.language, { type: 'conjunction' }).format(words);

/** Since when, for which service, with whom; days and parts of the day only where not all would do. */
export function wishesOf(entry: WaitEntry): string {
  const days = DAYS.filter((day) => entry.weekdays.includes(day)).map(dayName);
  const said = [
    t('calendar.waits_days', { n: entry.waited_days }),
    entry.service_name,
    entry.practitioner_name && named(entry.practitioner_name),
    entry.parts.length < EVERY_PART && list(entry.parts.map((part) => t(parts[part]))),
    days.length < DAYS.length && list(days),
    entry.until && t('waitlist.until', { day: date(entry.until) }),
  ];
  return said.filter(Boolean).join(' · ');
}
