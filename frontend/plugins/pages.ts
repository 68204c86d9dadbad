/**
 * Gives the router a lazy loader for each page of `src/pages/routes.ts` (`virtual:pages`) and of
 * `work-routes.ts` (`virtual:pages/work`), and tells the server (`shell.json`) which path shows which
 * page, to whom, under which title, and what to preload.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { routes } from '../src/pages/routes.ts';
import { workRoutes } from '../src/pages/work-routes.ts';
import type { Route } from '../src/lib/router/match.ts';
import { LOCALES, readCatalogs } from './i18n/catalog.ts';

const TABLES: Readonly<Record<string, readonly Route[]>> = { 'virtual:pages': routes, 'virtual:pages/work': workRoutes };

function loaders(routes: readonly Route[]): string {
  const names = [...new Set(routes.map((route) => route.page))];
  const lines = names.map((name) => `  ${JSON.stringify(name)}: () => import("/src/pages/${name}.svelte"),`);
  return `export default {\n${lines.join('\n')}\n};\n`;
}

function titles(key: string, folder: string): Record<string, string> {
  const catalogs = readCatalogs(folder);
  return Object.fromEntries(LOCALES.map((locale) => [locale, catalogs[locale][key] ?? key]));
}

export function pages(): Plugin {
  let root = '';
  return {
    name: 'sakina-pages',
    configResolved(config) {
      root = config.root;
    },
    resolveId: (id) => (id in TABLES ? `\0${id}` : undefined),
    load: (id) => (id.slice(1) in TABLES ? loaders(TABLES[id.slice(1)] ?? []) : undefined),
    generateBundle() {
      const table = [...workRoutes, ...routes].map((route) => ({
        path: route.path,
        who: route.who,
        frame: route.frame,
        module: `src/pages/${route.page}.svelte`,
        title: titles(route.title, resolve(root, 'messages')),
      }));
      const mark = readFileSync(resolve(root, 'src/mark.svg'));
      this.emitFile({ type: 'asset', fileName: 'mark.svg', source: mark });
      this.emitFile({ type: 'asset', fileName: 'shell.json', source: JSON.stringify({ routes: table }, null, 1) });
    },
  };
}
