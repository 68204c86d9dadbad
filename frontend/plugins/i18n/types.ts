/** Writes the type of every message (`src/lib/i18n/messages.d.ts`), so that a wrong key or argument does not compile. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shapeOf, type Kind } from './arguments.ts';
import { readCatalogs } from './catalog.ts';

const TYPES: Record<Kind, string> = { number: 'number', string: 'string', any: 'string | number' };

function line(key: string, text: string): string {
  const fields = [...shapeOf(text).args].map(([name, kind]) => `${JSON.stringify(name)}: ${TYPES[kind]}`);
  return `  ${JSON.stringify(key)}: ${fields.length ? `{ ${fields.join('; ')} }` : 'undefined'};`;
}

export function writeTypes(folder: string): void {
  const lines = Object.entries(readCatalogs(folder).en).map(([key, text]) => line(key, text));
  const body = `/** Generated from frontend/messages; not in git. */\nexport interface Messages {\n${lines.join('\n')}\n}\n`;
  const path = join(folder, '../src/lib/i18n/messages.d.ts');
  if (!existsSync(path) || readFileSync(path, 'utf8') !== body) writeFileSync(path, body);
}
