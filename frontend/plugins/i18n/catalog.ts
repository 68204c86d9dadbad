/**
 * Reads `messages/<area>/<locale>.json` into one flat catalog per locale: its key is the area, a dot and the name.
 * Areas below `messages/work` are for those who work here: patients' pages do not load them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const LOCALES = ['ar', 'fr', 'en'] as const;
export type Locale = (typeof LOCALES)[number];
export type Catalog = Record<string, string>;
export type Catalogs = Record<Locale, Catalog>;
export const WORK = 'work';

/** The areas that a folder of messages has itself. */
export function areas(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && entry.name !== WORK).map((entry) => entry.name).sort();
}

function readArea(folder: string, area: string, locale: Locale): Catalog {
  const texts = JSON.parse(readFileSync(join(folder, area, `${locale}.json`), 'utf8')) as Catalog;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${area}.${name}`, text]));
}

export function readCatalog(folder: string, locale: Locale): Catalog {
  return Object.assign({}, ...areas(folder).map((area) => readArea(folder, area, locale))) as Catalog;
}

/** Every text that there is, those of work included. */
export function readCatalogs(folder: string): Catalogs {
  const read = (locale: Locale): Catalog => ({ ...readCatalog(folder, locale), ...readCatalog(join(folder, WORK), locale) });
  return { ar: read('ar'), fr: read('fr'), en: read('en') };
}
