/** What only those who work here load, before the first page: their table of pages and their texts. */
import pages from 'virtual:pages/work';
import { boot, type Language } from '$lib/boot';
import { addTexts, type Compiled } from '$lib/i18n';
import { addPages } from '$lib/router/router.svelte';
import { workRoutes } from './pages/work-routes';

const texts: Record<Language, () => Promise<{ default: Compiled }>> = {
  ar: () => import('virtual:catalog/work/ar'),
  fr: () => import('virtual:catalog/work/fr'),
  en: () => import('virtual:catalog/work/en'),
};

export async function equip(): Promise<void> {
  addPages(workRoutes, pages);
  addTexts((await texts[boot.language]()).default);
}
