/** Codes of what administration sets up, in words of the page. */
import { boot, type Language, type Role } from '../../lib/boot.ts';
import type { PlainKey } from '../../lib/i18n/index.ts';
import { longWeekday } from '../../lib/time.ts';
import { addDays } from '../../lib/wall.ts';

type Words<Code extends string = string> = readonly (readonly [Code, PlainKey])[];

export const LANGUAGES: readonly (readonly [Language, string])[] = [['ar', 'العربية'], ['fr', 'Français'], ['en', 'English']];
export const ROLES: Words<Role> = [
  ['practitioner', 'staff.role_practitioner'],
  ['supervisor', 'staff.role_supervisor'],
  ['reception', 'staff.role_reception'],
  ['clinic_admin', 'staff.role_clinic_admin'],
  ['privacy_officer', 'staff.role_privacy_officer'],
  ['auditor', 'staff.role_auditor'],
  ['system_administrator', 'staff.role_system_administrator'],
];
export const KINDS: Words = [
  ['intake', 'setup.kind_intake'],
  ['follow_up', 'setup.kind_follow_up'],
  ['family', 'setup.kind_family'],
  ['group', 'setup.kind_group'],
  ['urgent', 'setup.kind_urgent'],
];
export const BOOKERS: Words = [['self', 'setup.by_self'], ['referral', 'setup.by_referral'], ['staff', 'setup.by_staff']];
export const MODALITIES: Words = [['video', 'core.video'], ['phone', 'core.phone'], ['in_person', 'core.in_person']];
export const GENDERS: Words = [['female', 'setup.gender_female'], ['male', 'setup.gender_male'], ['unspecified', 'setup.gender_unspecified']];
export const PROFESSIONS: Words = [
  ['psychologist', 'setup.prof_psychologist'],
  ['psychiatrist', 'setup.prof_psychiatrist'],
  ['psychotherapist', 'setup.prof_psychotherapist'],
  ['therapist', 'setup.prof_therapist'],
  ['counsellor', 'setup.prof_counsellor'],
  ['social_worker', 'setup.prof_social_worker'],
];
export const AREAS: Words = [
  ['anxiety', 'setup.area_anxiety'],
  ['depression', 'setup.area_depression'],
  ['trauma', 'setup.area_trauma'],
  ['grief', 'setup.area_grief'],
  ['couples', 'setup.area_couples'],
  ['family', 'setup.area_family'],
  ['children', 'setup.area_children'],
  ['adolescents', 'setup.area_adolescents'],
  ['sleep', 'setup.area_sleep'],
  ['eating', 'setup.area_eating'],
  ['burnout', 'setup.area_burnout'],
  ['bipolar', 'setup.area_bipolar'],
  ['addiction', 'setup.area_addiction'],
  ['supervision', 'setup.area_supervision'],
];

const MONDAY = '2024-01-01';
/** What a day is called; Monday is 0. */
export const dayName = (day: number): string => longWeekday(addDays(MONDAY, day));
/** The days in the order of the clinic's week. */
export const DAYS: readonly number[] = [0, 1, 2, 3, 4, 5, 6].map((day) => (day + boot.clinic.week_start) % 7);

const NEAR = ['Asia/Jerusalem', 'Asia/Hebron', 'Asia/Gaza', 'Africa/Casablanca', 'Europe/Paris'];
/** The zones to choose from: those of the clinic's places first, then what the browser knows. */
export const zones = (chosen: string): string[] => [...new Set([...NEAR, chosen, ...Intl.supportedValuesOf('timeZone')])];

/** What something is called in the page's language, or in any. */
export const nameIn = (names: Readonly<Record<string, string>>): string => names[boot.language] || Object.values(names).find(Boolean) || '';
