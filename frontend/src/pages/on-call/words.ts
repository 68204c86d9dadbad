/** Codes of requests, and stretches of time, in words of the page. */
import { type PlainKey, t } from '$lib/i18n';
import { named } from '$lib/isolate';
import { clock, date, day, weekday } from '$lib/time';
import { dateOf } from '$lib/wall';
import type { Lines } from '../set-up/TwoVersions.svelte';
import { DAYS, dayName } from '../set-up/words.ts';
import { DESK, type DutyRule, type Happening, type Member, type Outcome, type RotaDraft, STEPS, type UrgentRequest } from './shapes.ts';

export const OUTCOMES: readonly (readonly [Outcome, PlainKey])[] = [
  ['spoken', 'oncall.out_spoken'],
  ['passed_on', 'oncall.out_passed_on'],
  ['not_reached', 'oncall.out_not_reached'],
  ['not_needed', 'oncall.out_not_needed'],
];
const ALL: ReadonlyMap<Outcome, PlainKey> = new Map([...OUTCOMES, ['visit', 'oncall.out_visit']]);

export const outcomeWord = (outcome: Outcome): string => t(ALL.get(outcome) ?? 'oncall.out_spoken');
export const stepOptions = STEPS.map((step) => [String(step), t('oncall.step', { n: step })] as const);

/** 20:00 to Mon 08:00; a day is said where it is not `today`. */
export function span(from: string, to: string, today: string): string {
  const at = (local: string): string => (dateOf(local) === today ? clock(local) : `${weekday(local)} ${clock(local)}`);
  return t('oncall.span', { from: at(from), to: at(to) });
}

/** Sunday 22 November, 20:00 to Mon 08:00 */
export const longSpan = (from: string, to: string): string => `${day(from)} · ${span(from, to, dateOf(from))}`;

/** 20:00 to 08:00 on the next day, at which step, and who. */
export function ruleWords(rule: DutyRule, name: string): string {
  const times = t('oncall.span', { from: rule.start, to: rule.end });
  return [rule.overnight ? `${times} ${t('oncall.to_next_day')}` : times, t('oncall.step', { n: rule.step }), named(name)].join(' · ');
}

/** All that a rota says, day by day. */
export function rotaLines({ rules, around, minutes }: RotaDraft, team: readonly Member[]): Lines {
  const words = (rule: DutyRule): string => {
    const since = rule.valid_to ? t('hours.stretch', { from: date(rule.valid_from), to: date(rule.valid_to) }) : `${t('hours.valid_from')}: ${date(rule.valid_from)}`;
    return `${ruleWords(rule, team.find((one) => one.id === rule.practitioner)?.name ?? '')} · ${since}`;
  };
  return [
    ...DAYS.map((each) => [dayName(each), rules.filter((rule) => rule.weekday === each).map(words).join(' / ')] as const),
    [t('oncall.minutes'), minutes],
    [t('oncall.around'), t(around ? 'setup.yes' : 'setup.no')],
  ];
}

export function happened(one: Happening): string {
  const by = named(one.by ?? t('oncall.clinic'));
  switch (one.kind) {
    case 'raised': return t('oncall.did_raised', { name: by });
    case 'asked': return one.step === DESK || one.step === 0 ? t('oncall.did_asked_by_name', { name: named(one.practitioner_name ?? '') }) : t('oncall.did_asked', { name: named(one.practitioner_name ?? ''), n: one.step });
    case 'nobody': return t('oncall.did_nobody', { n: one.step });
    case 'desk': return t('oncall.did_desk');
    case 'claimed': return t('oncall.did_claimed', { name: by });
    case 'handed_on': return t('oncall.did_handed_on', { name: by });
    case 'closed': return t('oncall.did_closed', { name: by });
  }
}

export function stateWord(one: UrgentRequest): string {
  if (one.outcome) return outcomeWord(one.outcome);
  if (one.state === 'open') return one.step === DESK ? t('oncall.state_desk') : t('oncall.state_open');
  return one.mine ? t('oncall.state_mine') : t('oncall.state_claimed', { name: named(one.claimed_by ?? '') });
}
