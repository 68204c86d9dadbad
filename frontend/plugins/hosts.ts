/** Takes the addresses of others out of what is served: libraries name their websites in error texts. */
import type { Plugin } from 'vite';

const WEBSITES = /https:\/\/(svelte\.dev|socket\.io)\//g;

export function noOutsideHosts(): Plugin {
  return {
    name: 'sakina-no-outside-hosts',
    apply: 'build',
    renderChunk: (code) => ({ code: code.replace(WEBSITES, '$1: '), map: null }),
  };
}
