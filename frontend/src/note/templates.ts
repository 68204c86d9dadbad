/** The kinds of notes with their parts, in the page's language, as the clinic keeps them. */
import { api, type Page } from '$lib/api';
import type { Text } from './save.ts';

export interface Template {
  readonly code: string;
  readonly title: string;
  readonly sections: readonly Text[];
}

/** What a new note starts as where the clinic says nothing else. */
const FIRST = 'dap';

export const loadTemplates = async (signal?: AbortSignal): Promise<readonly Template[]> =>
  (await api.get<Page<Template>>('/note-templates', {}, { signal })).items;

export function firstOf(templates: readonly Template[]): Template {
  const first = templates.find((template) => template.code === FIRST) ?? templates[0];
  if (!first) throw new Error('the clinic has no note templates');
  return first;
}
