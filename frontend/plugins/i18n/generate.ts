/** `node plugins/i18n/generate.ts`: write the message types alone. */
import { fileURLToPath } from 'node:url';
import { writeTypes } from './types.ts';

writeTypes(fileURLToPath(new URL('../../messages', import.meta.url)));
