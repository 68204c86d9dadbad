/**
 * A document that two people may edit: loaded with its version, saved against it. Where somebody else was
 * first, theirs is fetched and both are here, until one of them is chosen.
 */
import { call, Problem } from '$lib/api';
import { Sending } from '$lib/api/form.svelte';

interface Changed {
  readonly changed: { readonly by: string | null; readonly at: string | null };
}

export class Editor<T extends Changed, D> {
  draft: D;
  saved = $state.raw<T | undefined>();
  theirs = $state.raw<T | undefined>();
  failed = $state.raw<Problem | undefined>();
  readonly sending = new Sending();
  #path: string;
  #etag = '"0"';
  #read: (found: T) => D;

  /** `read` makes of what the server has what the form edits; `blank` is there until it has come. */
  constructor(path: string, read: (found: T) => D, blank: D) {
    this.draft = $state(blank);
    this.#path = path;
    this.#read = read;
  }

  async load(): Promise<void> {
    try {
      this.take(await this.#fetch());
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.failed = error;
    }
  }

  /** Go on from what the server has, whatever the form said. */
  take(found: T): void {
    this.saved = found;
    this.theirs = undefined;
    this.failed = undefined;
    this.draft = this.#read(found);
  }

  /** Replace the document by `body`; true when it went through. */
  save(body: unknown): Promise<boolean> {
    return this.sending.run(() => this.act('PUT', '', body));
  }

  /** Do something to the version at hand; throws what goes wrong. */
  async act(method: 'PUT' | 'POST', below: string, body: unknown): Promise<void> {
    try {
      const answer = await call<T>(method, this.#path + below, { body, headers: { 'If-Match': this.#etag } });
      this.#etag = answer.etag ?? this.#etag;
      this.take(answer.data);
    } catch (error) {
      if (error instanceof Problem && error.code === 'document_changed') this.theirs = await this.#fetch();
      throw error;
    }
  }

  async #fetch(): Promise<T> {
    const answer = await call<T>('GET', this.#path);
    this.#etag = answer.etag ?? this.#etag;
    return answer.data;
  }
}
