/** Notes on the server. Staff say with each request that it is for treatment; nothing presumes it. */
import { type Answer, call, type Note, type NoteSummary, type Page } from '$lib/api';
import type { Text } from './save.ts';

export const TREAT = { 'X-Purpose-Of-Use': 'TREAT' } as const;

export interface Version {
  readonly version: number;
  readonly status: string;
  readonly author_name: string;
  readonly created_at: string;
  readonly reason: string | null;
}

export interface NewNote {
  readonly patient: string;
  readonly appointment: string | null;
  readonly template: string;
  readonly parts: readonly Text[];
}

const plain = (parts: readonly Text[]): Text[] => parts.map(({ title, text }) => ({ title, text }));
/** The ETag of an answer; the note's own where a proxy dropped the header. */
const withTag = (answer: Answer<Note>): Note => ({ ...answer.data, etag: answer.etag ?? answer.data.etag });

export const readNote = async (id: string, signal?: AbortSignal): Promise<Note> =>
  withTag(await call<Note>('GET', `/notes/${id}`, { headers: TREAT, signal }));

export const listNotes = async (patient: string, signal?: AbortSignal): Promise<readonly NoteSummary[]> =>
  (await call<Page<NoteSummary>>('GET', `/patients/${patient}/notes`, { headers: TREAT, signal })).data.items;

export async function createNote(fresh: NewNote, key: string, keepalive: boolean): Promise<Note> {
  const body = { template: fresh.template, sections: plain(fresh.parts), ...(fresh.appointment ? { appointment: fresh.appointment } : {}) };
  return withTag(await call<Note>('POST', `/patients/${fresh.patient}/notes`, { body, key, keepalive, headers: TREAT }));
}

export async function writeNote(id: string, etag: string, parts: readonly Text[], keepalive: boolean): Promise<Note> {
  const body = { sections: plain(parts) };
  return withTag(await call<Note>('PUT', `/notes/${id}`, { body, keepalive, headers: { ...TREAT, 'If-Match': etag } }));
}

export const signNote = async (id: string, etag: string): Promise<Note> =>
  withTag(await call<Note>('POST', `/notes/${id}/sign`, { body: {}, headers: { ...TREAT, 'If-Match': etag } }));

export async function amendNote(id: string, etag: string, parts: readonly Text[], reason: string, key: string): Promise<Note> {
  const body = { sections: plain(parts), reason };
  return withTag(await call<Note>('POST', `/notes/${id}/amend`, { body, key, headers: { ...TREAT, 'If-Match': etag } }));
}

export const versionsOf = async (id: string, signal: AbortSignal): Promise<readonly Version[]> =>
  (await call<Page<Version>>('GET', `/notes/${id}/versions`, { headers: TREAT, signal })).data.items;
