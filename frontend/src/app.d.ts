declare module 'virtual:pages' {
  import type { Component } from 'svelte';
  import type { PageProps } from '$lib/router/match';
  const loaders: Record<string, () => Promise<{ default: Component<PageProps> }>>;
  export default loaders;
}

declare module 'virtual:pages/work' {
  export { default } from 'virtual:pages';
}

declare module 'virtual:catalog/*' {
  const catalog: Record<string, (args: Record<string, unknown>) => string>;
  export default catalog;
}
