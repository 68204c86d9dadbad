/** Writes `.br` and `.gz` beside each asset, so that the server compresses nothing while people wait. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|svg|json)$/;

export function compressed(): Plugin {
  return {
    name: 'sakina-compressed',
    apply: 'build',
    async writeBundle(options, bundle) {
      const folder = options.dir ?? '';
      for (const name of Object.keys(bundle).filter((file) => TEXT.test(file))) {
        const body = await readFile(join(folder, name));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
        await writeFile(join(folder, `${name}.br`), brotliCompressSync(body, { params }));
        await writeFile(join(folder, `${name}.gz`), gzipSync(body, { level: 9 }));
      }
    },
  };
}
