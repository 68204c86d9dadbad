/** A zone in words of the page: "Jerusalem time". Own words, because browsers name states, not places. */
import { type PlainKey, t } from '$lib/i18n';

const WORDS: Readonly<Record<string, PlainKey>> = {
  'Asia/Jerusalem': 'core.zone_jerusalem',
  'Asia/Hebron': 'core.zone_palestine',
  'Asia/Gaza': 'core.zone_palestine',
  'Africa/Casablanca': 'core.zone_morocco',
  'Europe/Paris': 'core.zone_paris',
};

export function zoneWords(tz: string): string {
  const known = WORDS[tz];
  return known ? t(known) : t('core.zone_other', { city: (tz.split('/').pop() ?? tz).replaceAll('_', ' ') });
}
