/** The build: one application, one chunk per page and per language, written where the server serves it. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { compressed } from './plugins/compressed.ts';
import { lean } from './plugins/lean.ts';
import { messages } from './plugins/i18n/vite.ts';
import { noOutsideHosts } from './plugins/hosts.ts';
import { pages } from './plugins/pages.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What nearly every page uses, in one file: each further request costs a round trip of 400 ms on a weak network. */
const SHARED = [
  /node_modules\/(svelte|clsx|esm-env|@messageformat\/runtime|make-plural)\//,
  /vite\/preload-helper|virtual:pages$|icons\.svg/,
  /\/src\/pages\/routes\.ts/,
  /\/src\/components\/(Button|Card|Chip|Face|face|Icon|Item|Loaded|Say|Skeleton|Strip|Toasts)\./,
  /\/src\/lib\/(api\/(?!complete)|i18n\/|router\/)/,
  /\/src\/lib\/(boot|chrome|instants|me|modality|resource|session|time|toasts|wall|zones)\./,
];

/** The sign-in page and its relatives are forms; their parts come together. */
const FORMS = /\/src\/(components\/(Field|ErrorSummary)|lib\/api\/complete|pages\/sign-in\/(Door|Arcade|next))\./;

const groups = [
  { name: 'forms', test: FORMS, includeDependenciesRecursively: false },
  { name: 'shared', test: (id: string) => SHARED.some((each) => each.test(id)), includeDependenciesRecursively: false },
];

export default defineConfig({
  base: '/static/app/',
  publicDir: false,
  plugins: [messages(here('messages')), pages(), svelte({ configFile: false, compilerOptions: { runes: true } }), noOutsideHosts(), lean(), compressed()],
  resolve: { alias: { $lib: here('src/lib'), $components: here('src/components') } },
  build: {
    outDir: here('../clinic/web/shell/static/app'),
    emptyOutDir: true,
    manifest: true,
    modulePreload: { polyfill: false },
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { main: here('src/main.ts'), critical: here('src/styles/critical.css') },
      output: { codeSplitting: { groups } },
    },
  },
});
