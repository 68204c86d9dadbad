/** Weekly rules and other hours in words of the page. */
import type { Practitioner } from '$lib/api';
import { type PlainKey, t } from '$lib/i18n';
import { inOrder, modalityWord } from '$lib/modality';
import { date } from '$lib/time';
import { zoneWords } from '$lib/zones';
import type { Lines } from '../set-up/TwoVersions.svelte';
import { DAYS, dayName } from '../set-up/words';
import type { DatedRule, Draft, HoursSet, Rule } from './shapes';

export const setWords: Readonly<Record<HoursSet['kind'], PlainKey>> = { ramadan: 'hours.ramadan', travel: 'hours.travel', other: 'hours.other' };

/** 09:00 to 17:00, whether it ends on the next day, and how visits are held. */
export function ruleWords(rule: DatedRule): string {
  const said = [t('oncall.span', { from: rule.start, to: rule.end }), rule.overnight && t('hours.overnight'), ...inOrder(rule.modality).map(modalityWord)];
  return said.filter(Boolean).join(' · ');
}

const since = (rule: Rule): string => (rule.valid_to ? t('hours.stretch', { from: date(rule.valid_from), to: date(rule.valid_to) }) : `${t('hours.valid_from')}: ${date(rule.valid_from)}`);

/** All that the hours say, day by day. */
export function lines({ rules, sets }: Draft, sites: readonly Practitioner['site'][]): Lines {
  const where = (rule: DatedRule): string => [sites.find((site) => site.id === rule.site)?.name, zoneWords(rule.tz)].filter(Boolean).join(' · ');
  const all = sets.map((one) => {
    const days = one.rules.map((rule) => `${dayName(rule.weekday)} ${ruleWords(rule)} · ${where(rule)}`);
    return [`${t(setWords[one.kind])}: ${t('hours.stretch', { from: date(one.from), to: date(one.to) })}`, ...days].join(' / ');
  });
  const usual = DAYS.map((day) => [dayName(day), rules.filter((rule) => rule.weekday === day).map((rule) => `${ruleWords(rule)} · ${where(rule)} · ${since(rule)}`).join(' / ')] as const);
  return [...usual, [t('hours.for_a_while'), all.join(' / ')]];
}
