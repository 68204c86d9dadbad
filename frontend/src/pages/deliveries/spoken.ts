/** Times before a visit as people say them. */
import { boot } from '$lib/boot';
import { t } from '$lib/i18n';
import { inUnits, type Unit } from './times.ts';

const WORDS = { day: 'deliveries.day_n', hour: 'deliveries.hour_n', minute: 'deliveries.minute_n' } as const satisfies Record<Unit, string>;

export function spokenTimes(minutes: readonly number[]): string {
  if (minutes.length === 0) return t('deliveries.never');
  const said = minutes.map(inUnits).map(({ n, unit }) => t(WORDS[unit], { n }));
  return new Intl.ListFormat(boot.language, { type: 'conjunction' }).format(said);
}
