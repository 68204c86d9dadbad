/** Reads `messages/<area>/<locale>.json` into one flat catalog per locale: its key is the area, a dot and the name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const LOCALES = ['ar', 'fr', 'en'] as const;
export type Locale = (typeof LOCALES)[number];
export type Catalog = Record<string, string>;
export type Catalogs = Record<Locale, Catalog>;

export function areas(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

function readArea(folder: string, area: string, locale: Locale): Catalog {
  const texts = JSON.parse(readFileSync(join(folder, area, `${locale}.json`), 'utf8')) as Catalog;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${area}.${name}`, text]));
}

export function readCatalogs(folder: string): Catalogs {
  const read = (locale: Locale): Catalog =>
    Object.assign({}, ...areas(folder).map((area) => readArea(folder, area, locale))) as Catalog;
  return { ar: read('ar'), fr: read('fr'), en: read('en') };
}
