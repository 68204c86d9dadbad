/** Somebody who works here, between the API and the forms about them. */
import type { Role } from '../../lib/boot.ts';
import { t } from '../../lib/i18n/index.ts';
import type { Lines } from '../set-up/TwoVersions.svelte';
import { AREAS, GENDERS, PROFESSIONS, ROLES } from '../set-up/words.ts';

export interface Colleague {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly language: string;
  readonly status: 'invited' | 'unverified' | 'active' | 'disabled';
  readonly roles: readonly Role[];
  readonly profile: {
    readonly practitioner: string;
    readonly profession: string;
    readonly gender: string;
    readonly languages: readonly string[];
    readonly specialties: readonly string[];
  } | null;
  readonly changed: { readonly by: string | null; readonly at: string | null };
}

export const read = (found: Colleague) => ({
  name: found.name,
  profession: found.profile?.profession ?? 'therapist',
  gender: found.profile?.gender ?? 'unspecified',
  languages: [...(found.profile?.languages ?? [])],
  specialties: [...(found.profile?.specialties ?? [])],
  roles: [...found.roles],
});
export type Draft = ReturnType<typeof read>;
export const BLANK: Draft = { name: '', profession: 'therapist', gender: 'unspecified', languages: [], specialties: [], roles: [] };

const words = (list: readonly (readonly [string, Parameters<typeof t>[0]])[], codes: readonly string[]): string =>
  [...codes].sort().map((code) => list.find(([each]) => each === code)?.[1]).map((key, at) => (key ? (t as (key: string) => string)(key) : codes[at])).join(' ');

export const lines = (draft: Draft): Lines => [
  [t('staff.full_name'), draft.name],
  [t('setup.roles'), words(ROLES, draft.roles)],
  [t('setup.profession'), words(PROFESSIONS, [draft.profession])],
  [t('setup.gender'), words(GENDERS, [draft.gender])],
  [t('setup.speaks'), [...draft.languages].sort().join(' ')],
  [t('setup.specialties'), words(AREAS, draft.specialties)],
];
