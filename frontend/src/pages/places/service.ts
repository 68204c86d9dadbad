/** A service between the API and its form: numbers are text while they are typed, long times are hours. */
import type { Language } from '../../lib/boot.ts';
import { type PlainKey, t } from '../../lib/i18n/index.ts';
import type { Lines } from '../set-up/TwoVersions.svelte';
import { BOOKERS, KINDS, LANGUAGES, MODALITIES } from '../set-up/words.ts';

interface Text {
  name: string;
  description: string;
}

export interface Service {
  readonly id: string;
  readonly kind: string;
  readonly texts: Partial<Record<Language, Text>>;
  readonly minutes: number;
  readonly before_minutes: number;
  readonly after_minutes: number;
  readonly grid_minutes: number;
  readonly lead_minutes: number;
  readonly horizon_days: number;
  readonly notice_minutes: number;
  readonly modalities: readonly string[];
  readonly booking_rule: string;
  readonly seats: number;
  readonly joinable: boolean;
  readonly reserved_percent: number;
  readonly release_at: string;
  readonly active: boolean;
  readonly changed: { readonly by: string | null; readonly at: string | null };
}

export const LABELS: Readonly<Record<Language, { readonly name: PlainKey; readonly about: PlainKey }>> = {
  ar: { name: 'setup.name_ar', about: 'setup.about_ar' },
  fr: { name: 'setup.name_fr', about: 'setup.about_fr' },
  en: { name: 'setup.name_en', about: 'setup.about_en' },
};
export const NUMBERS = [
  ['minutes', 'setup.length'],
  ['before_minutes', 'setup.before'],
  ['after_minutes', 'setup.after'],
  ['lead_minutes', 'setup.lead_time'],
  ['horizon_days', 'setup.horizon'],
  ['notice_minutes', 'setup.notice'],
  ['seats', 'setup.seats'],
] as const satisfies readonly (readonly [string, PlainKey])[];

export function read(found: Service) {
  const text = (code: Language): Text => ({ name: '', description: '', ...found.texts[code] });
  return {
    texts: { ar: text('ar'), fr: text('fr'), en: text('en') },
    kind: found.kind,
    minutes: String(found.minutes),
    before_minutes: String(found.before_minutes),
    after_minutes: String(found.after_minutes),
    grid_minutes: String(found.grid_minutes),
    lead_minutes: String(found.lead_minutes / 60),
    horizon_days: String(found.horizon_days),
    notice_minutes: String(found.notice_minutes / 60),
    modalities: [...found.modalities],
    booking_rule: found.booking_rule,
    seats: String(found.seats),
    joinable: found.joinable,
    reserved_percent: String(found.reserved_percent),
    release_at: found.release_at,
    active: found.active,
  };
}
export type Draft = ReturnType<typeof read>;

export const fresh = (): Draft =>
  read({
    id: '', kind: 'intake', texts: {}, minutes: 50, before_minutes: 0, after_minutes: 10, grid_minutes: 30, lead_minutes: 120, horizon_days: 42,
    notice_minutes: 1440, modalities: ['video', 'phone', 'in_person'], booking_rule: 'self', seats: 1, joinable: false, reserved_percent: 0, release_at: '07:00', active: true, changed: { by: null, at: null },
  });

/** Digits of any script as a whole number; what is none is refused by the server, by its field. */
function whole(text: string, times = 1): number | string {
  const latin = text.trim().replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));
  return /^\d+([.,]\d+)?$/.test(latin) ? Math.round(Number(latin.replace(',', '.')) * times) : text;
}

export function wire(draft: Draft): Record<string, unknown> {
  return {
    ...draft,
    minutes: whole(draft.minutes),
    before_minutes: whole(draft.before_minutes),
    after_minutes: whole(draft.after_minutes),
    grid_minutes: whole(draft.grid_minutes),
    lead_minutes: whole(draft.lead_minutes, 60),
    horizon_days: whole(draft.horizon_days),
    notice_minutes: whole(draft.notice_minutes, 60),
    seats: whole(draft.seats),
    reserved_percent: isForOne(draft) ? whole(draft.reserved_percent) : 0,
  };
}

/** Only of a service for one person are times kept: the sessions of groups are planned. */
export const isForOne = (draft: Draft): boolean => whole(draft.seats) === 1;

const word = (list: readonly (readonly [string, PlainKey])[], code: string): string => {
  const found = list.find(([each]) => each === code);
  return found ? t(found[1]) : code;
};

export const lines = (draft: Draft): Lines => [
  ...LANGUAGES.flatMap(([code]) => [[t(LABELS[code].name), draft.texts[code].name], [t(LABELS[code].about), draft.texts[code].description]] as const),
  ...NUMBERS.map(([name, label]) => [t(label), draft[name]] as const),
  [t('setup.grid'), draft.grid_minutes],
  [t('setup.kind'), word(KINDS, draft.kind)],
  [t('setup.booked_by'), word(BOOKERS, draft.booking_rule)],
  [t('setup.how_held'), [...draft.modalities].sort().map((code) => word(MODALITIES, code)).join(' ')],
  [t('setup.reserved'), draft.reserved_percent],
  [t('setup.release'), draft.release_at],
  [t('setup.joinable'), draft.joinable ? t('setup.yes') : t('setup.no')],
  [t('setup.offered'), draft.active ? t('setup.yes') : t('setup.no')],
];
