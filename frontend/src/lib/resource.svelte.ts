/**
 * Data of the server as reactive state: one cache by key, shown while it is refreshed, dropped answers
 * when the page has moved on. `invalidate('visits')` refetches every resource whose key starts so.
 */
import { Problem } from '$lib/api';

const cache = new Map<string, unknown>();
const live = new Set<Resource<unknown>>();

export class Resource<T> {
  data = $state.raw<T | undefined>();
  problem = $state.raw<Problem | undefined>();
  loading = $state(false);
  readonly key: string;
  #fetch: (signal: AbortSignal) => Promise<T>;
  #abort: AbortController | undefined;

  constructor(key: string, fetch: (signal: AbortSignal) => Promise<T>) {
    this.key = key;
    this.#fetch = fetch;
    this.data = cache.get(key) as T | undefined;
  }

  async load(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.loading = true;
    try {
      const data = await this.#fetch(abort.signal);
      if (abort.signal.aborted) return;
      cache.set(this.key, data);
      this.data = data;
      this.problem = undefined;
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(error);
    } finally {
      if (this.#abort === abort) this.loading = false;
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 403 || error.status === 404) {
      // What has been closed is not shown from before.
      cache.delete(this.key);
      this.data = undefined;
    }
    this.problem = error;
  }

  stop(): void {
    this.#abort?.abort();
  }
}

/** Load now, again when the page comes back into view, and stop with the component. Call in a script. */
export function resource<T>(key: string, fetch: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const made = new Resource(key, fetch);
  $effect(() => {
    live.add(made as Resource<unknown>);
    const again = (): void => {
      if (document.visibilityState === 'visible') void made.load();
    };
    void made.load();
    document.addEventListener('visibilitychange', again);
    return () => {
      live.delete(made as Resource<unknown>);
      document.removeEventListener('visibilitychange', again);
      made.stop();
    };
  });
  return made;
}

export function invalidate(prefix: string): void {
  for (const key of cache.keys()) if (key.startsWith(prefix)) cache.delete(key);
  for (const each of live) if (each.key.startsWith(prefix)) void each.load();
}
