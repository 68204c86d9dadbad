/** Takes the addresses of others out of what is served: Svelte names its website in each error. */
import type { Plugin } from 'vite';

export function noOutsideHosts(): Plugin {
  return {
    name: 'sakina-no-outside-hosts',
    apply: 'build',
    renderChunk: (code) => ({ code: code.replaceAll('https://svelte.dev/e/', 'svelte: '), map: null }),
  };
}
