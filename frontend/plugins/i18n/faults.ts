/** What can be wrong with the catalogs: pure, so that each rule has its test. */
import { shapeOf } from './arguments.ts';
import { type Catalogs, type Locale, LOCALES } from './catalog.ts';

/** Words that are rightly the same in English and another language. */
const SAME_IN_ALL = /^[\s\d{}.,:;·()+\-–/a-z_]*$|^(Sakina|Messages|Patients?|Total|Service|Minutes|Dates?|Notes?|Code|Plan|Rose|Site|Palestine|France|min)$/;

function pluralFaults(locale: Locale, key: string, text: string): string[] {
  const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  return shapeOf(text).plurals.flatMap((given) =>
    wanted.filter((word) => !given.has(word)).map((word) => `${locale} ${key}: plural lacks "${word}"`),
  );
}

function signature(text: string): string {
  return [...shapeOf(text).args].map(([name, kind]) => `${name}:${kind}`).sort().join(',');
}

function messageFaults(catalogs: Catalogs, locale: Locale, key: string, english: string): string[] {
  const text = catalogs[locale][key];
  if (text === undefined) return [`${locale} ${key}: missing`];
  const faults = pluralFaults(locale, key, text);
  if (signature(text) !== signature(english)) faults.push(`${locale} ${key}: other arguments than in en`);
  if (locale !== 'en' && text === english && !SAME_IN_ALL.test(text)) faults.push(`${locale} ${key}: not translated`);
  return faults;
}

export function catalogFaults(catalogs: Catalogs): string[] {
  const faults: string[] = [];
  for (const locale of LOCALES) {
    for (const [key, english] of Object.entries(catalogs.en)) faults.push(...messageFaults(catalogs, locale, key, english));
    for (const key of Object.keys(catalogs[locale])) if (!(key in catalogs.en)) faults.push(`${locale} ${key}: not in en`);
  }
  return faults;
}

/** `sources` is the text of all code; a key counts as used where it stands in quotes. */
export function usageFaults(keys: readonly string[], sources: string): string[] {
  const quoted = new Set([...sources.matchAll(/['"`]([a-z_]+\.[a-z0-9_.]+)['"`]/g)].map((match) => match[1]));
  const known = new Set(keys);
  const called = [...sources.matchAll(/\bt\(\s*['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');
  return [
    ...keys.filter((key) => !quoted.has(key)).map((key) => `${key}: no code uses it`),
    ...called.filter((key) => !known.has(key)).map((key) => `${key}: used in code, not in the catalogs`),
  ];
}
