/** What the save line says, decided from what is known about the text; pure. */

export type SaveState = 'saving' | 'saved' | 'device' | 'conflict' | 'locked';
/** `memory`: kept nowhere but in this page; `refused`: the server answered, and did not take it. */
export type SaveWords = 'untouched' | 'saving' | 'saved' | 'device' | 'memory' | 'refused' | 'conflict' | 'locked';

export interface Known {
  readonly locked: boolean;
  readonly conflict: boolean;
  /** The text differs from what the server has. */
  readonly unsent: boolean;
  /** This text lies sealed on the device. */
  readonly onDevice: boolean;
  /** The last try did not reach the server. */
  readonly unreached: boolean;
  readonly refused: boolean;
  /** The server has no such note yet. */
  readonly fresh: boolean;
}

export interface SaveLine {
  readonly state: SaveState;
  readonly words: SaveWords;
}

const line = (state: SaveState, words: SaveWords = state): SaveLine => ({ state, words });

function unsent(known: Known): SaveLine {
  if (known.refused) return line(known.onDevice ? 'device' : 'saving', 'refused');
  if (!known.unreached) return line('saving');
  return known.onDevice ? line('device') : line('saving', 'memory');
}

export function saveLine(known: Known): SaveLine {
  if (known.locked) return line('locked');
  if (known.conflict) return line('conflict');
  if (known.unsent) return unsent(known);
  return line('saved', known.fresh ? 'untouched' : 'saved');
}

export interface Text {
  readonly title: string;
  readonly text: string;
}

export function sameText(a: readonly Text[], b: readonly Text[]): boolean {
  return a.length === b.length && a.every((part, index) => part.title === b[index]?.title && part.text === b[index].text);
}

export const isEmpty = (parts: readonly Text[]): boolean => parts.every((part) => part.text.trim() === '');

export type Opening = 'server' | 'device' | 'conflict';

/** Which text an opened draft shows: the device's where it was not sent yet and nobody has changed the server's since. */
export function openingOf(server: { etag: string | null; parts: readonly Text[] }, kept: { etag: string | null; parts: readonly Text[] } | undefined): Opening {
  if (!kept || sameText(kept.parts, server.parts)) return 'server';
  return kept.etag === server.etag ? 'device' : 'conflict';
}

const LONGEST_MS = 60_000;
const FIRST_MS = 5_000;

/** How long to wait before the next try after `failures` in a row. */
export const retryAfter = (failures: number): number => Math.min(FIRST_MS * 2 ** Math.max(0, failures - 1), LONGEST_MS);
