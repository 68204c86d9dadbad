/** Compiles each locale's messages into one lazy module of plain functions; nothing is parsed in the browser. */
import MessageFormat from '@messageformat/core';
import compileModule from '@messageformat/core/compile-module.js';
import type { Plugin } from 'vite';
import { areas, LOCALES, type Locale, readCatalogs } from './catalog.ts';
import { writeTypes } from './types.ts';

const PREFIX = 'virtual:catalog/';

function compile(folder: string, locale: Locale): string {
  return compileModule(new MessageFormat(locale), readCatalogs(folder)[locale]);
}

export function messages(folder: string): Plugin {
  return {
    name: 'sakina-messages',
    buildStart() {
      writeTypes(folder);
      for (const area of areas(folder)) {
        for (const locale of LOCALES) this.addWatchFile(`${folder}/${area}/${locale}.json`);
      }
    },
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load: (id) => (id.startsWith(`\0${PREFIX}`) ? compile(folder, id.slice(PREFIX.length + 1) as Locale) : undefined),
  };
}
