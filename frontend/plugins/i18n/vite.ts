/**
 * Compiles each locale's messages into lazy modules of plain functions; nothing is parsed in the browser.
 * `virtual:catalog/fr` is for everybody, `virtual:catalog/work/fr` for those who work here.
 */
import { join } from 'node:path';
import MessageFormat from '@messageformat/core';
import compileModule from '@messageformat/core/compile-module.js';
import type { Plugin } from 'vite';
import { areas, LOCALES, type Locale, readCatalog, WORK } from './catalog.ts';
import { writeTypes } from './types.ts';

const PREFIX = 'virtual:catalog/';

function compile(folder: string, name: string): string {
  const forWork = name.startsWith(`${WORK}/`);
  const locale = (forWork ? name.slice(WORK.length + 1) : name) as Locale;
  return compileModule(new MessageFormat(locale), readCatalog(forWork ? join(folder, WORK) : folder, locale));
}

export function messages(folder: string): Plugin {
  return {
    name: 'sakina-messages',
    buildStart() {
      writeTypes(folder);
      for (const place of [folder, join(folder, WORK)]) {
        for (const area of areas(place)) {
          for (const locale of LOCALES) this.addWatchFile(`${place}/${area}/${locale}.json`);
        }
      }
    },
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load: (id) => (id.startsWith(`\0${PREFIX}`) ? compile(folder, id.slice(PREFIX.length + 1)) : undefined),
  };
}
