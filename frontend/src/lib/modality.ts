/** How a visit is held: its icon and word, the same on every page. */
import type { Modality, Slot } from '$lib/api';
import { boot } from '$lib/boot';
import { type PlainKey, t } from '$lib/i18n';
import { named } from '$lib/isolate';

export const modalityIcon: Record<Modality, string> = { video: 'video', phone: 'phone', in_person: 'building' };
const ORDER: readonly Modality[] = ['video', 'phone', 'in_person'];

/** The same order everywhere, video first where it is offered. */
export const inOrder = (offered: readonly Modality[]): Modality[] => ORDER.filter((each) => offered.includes(each));

const words: Record<Modality, PlainKey> = { video: 'core.video', phone: 'core.phone', in_person: 'core.in_person' };

export const modalityWord = (modality: Modality): string => t(words[modality]);

/** How a visit is held, and where one goes for it in person. */
export const howWord = ({ modality, site_name: site }: { readonly modality: Modality; readonly site_name?: string | null }): string => modalityWord(modality) + (modality === 'in_person' && site ? ` · ${named(site)}` : '');

/** Where one goes for a free time in person; nothing for one from afar. */
export const placeOf = ({ site_names: names }: Slot): string => names?.[boot.language] ?? Object.values(names ?? {})[0] ?? '';
