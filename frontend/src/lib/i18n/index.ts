/** Texts in the page's language; keys and arguments are typed from the catalogs. */
import { boot, type Language } from '$lib/boot';
import { localDigits } from './digits.ts';
import type { Messages } from './messages';

export type Compiled = Record<string, (args: Record<string, unknown>) => string>;
export type MessageKey = keyof Messages;
/** Messages that take no arguments, for tables from a code to a text. */
export type PlainKey = { [K in MessageKey]: Messages[K] extends undefined ? K : never }[MessageKey];

const loaders: Record<Language, () => Promise<{ default: Compiled }>> = {
  ar: () => import('virtual:catalog/ar'),
  fr: () => import('virtual:catalog/fr'),
  en: () => import('virtual:catalog/en'),
};

let catalog: Compiled = {};

export async function loadCatalog(): Promise<void> {
  addTexts((await loaders[boot.language]()).default);
}

export function addTexts(more: Compiled): void {
  catalog = { ...catalog, ...more };
}

export function t<K extends MessageKey>(key: K, ...args: Messages[K] extends undefined ? [] : [Messages[K]]): string {
  const message = catalog[key];
  if (!message) return key;
  return localDigits(message(args[0] ?? {}), boot.language, boot.clinic.digits);
}

/** A bare number, in the clinic's digits. */
export const count = (n: number): string => localDigits(String(n), boot.language, boot.clinic.digits);
