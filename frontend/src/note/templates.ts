/** The forms of a note: which parts each has. The parts' titles are written into the note in the author's language. */
import type { NoteSection } from '$lib/api';
import { t, type PlainKey } from '$lib/i18n';

interface Template {
  readonly title: PlainKey;
  readonly parts: readonly PlainKey[];
}

export const templates = {
  progress_dap: { title: 'note.progress_dap', parts: ['note.said_observed', 'note.understood', 'note.agreed'] },
  progress_soap: { title: 'note.progress_soap', parts: ['note.in_own_words', 'note.observed', 'note.assessment', 'note.plan'] },
  first_interview: { title: 'note.first_interview', parts: ['note.reason_for_coming', 'note.history', 'note.observed', 'note.understood', 'note.agreed'] },
  crisis_contact: { title: 'note.crisis_contact', parts: ['note.what_happened', 'note.safety_now', 'note.agreed', 'note.who_is_told'] },
} as const satisfies Readonly<Record<string, Template>>;

export type TemplateId = keyof typeof templates;
export const templateIds = Object.keys(templates) as TemplateId[];
export const FIRST: TemplateId = 'progress_dap';

export const partsOf = (id: TemplateId): NoteSection[] => templates[id].parts.map((key) => ({ title: t(key), text: '' }));

/** The title of a template, its own code where another clinic's program made the note. */
export const titleOf = (id: string): string => (id in templates ? t(templates[id as TemplateId].title) : id);
