/** `node plugins/i18n/check.ts`: fail on anything that is not in all three languages, complete and used. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCatalogs } from './catalog.ts';
import { catalogFaults, usageFaults } from './faults.ts';
import { writeTypes } from './types.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = here('../../messages');
const catalogs = readCatalogs(folder);
const files = globSync('**/*.{ts,svelte}', { cwd: here('../../src') });
const sources = files.filter((name) => !name.endsWith('.d.ts')).map((name) => readFileSync(here(`../../src/${name}`), 'utf8'));
const faults = [...catalogFaults(catalogs), ...usageFaults(Object.keys(catalogs.en), sources.join('\n'))];
for (const fault of faults) console.error(`i18n: ${fault}`);
if (faults.length === 0) writeTypes(folder);
process.exit(faults.length ? 1 : 0);
