/**
 * A document that two people may edit: loaded with its version, saved against it. Where somebody else was
 * first, theirs is fetched and both are here, until one of them is chosen.
 */
import { call, Problem, type Answer, type Query } from '$lib/api';
import { Sending } from '$lib/api/form.svelte';

const CHANGED_MEANWHILE = 412;
const NONE = '"0"';

export class Editor<T extends object, D> {
  draft: D;
  saved = $state.raw<T | undefined>();
  theirs = $state.raw<T | undefined>();
  failed = $state.raw<Problem | undefined>();
  readonly sending = new Sending();
  #path: string;
  #etag = $state(NONE);
  #read: (found: T) => D;

  /** `read` makes of what the server has what the form edits; `blank` is there until it has come. */
  constructor(path: string, read: (found: T) => D, blank: D) {
    this.draft = $state(blank);
    this.#path = path;
    this.#read = read;
  }

  /** Whether the server has kept any version yet. */
  get kept(): boolean {
    return this.#etag !== NONE;
  }

  async load(): Promise<void> {
    try {
      const answer = await this.#fetch();
      this.#etag = answer.etag ?? this.#etag;
      this.take(answer.data);
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

  /** Read again what stands beside the form. What is typed stays, and so does its version where somebody changed the same. */
  async refresh(): Promise<void> {
    const { data, etag } = await this.#fetch();
    const same = this.saved && JSON.stringify(this.#read(data)) === JSON.stringify(this.#read(this.saved));
    if (same && etag) this.#etag = etag;
    this.saved = data;
  }

  /** Replace the document by `body`; true when it went through. */
  save(body: unknown): Promise<boolean> {
    return this.sending.run(() => this.act('PUT', '', body));
  }

  /** Ask what saving `body` would do, without doing it; throws what goes wrong. */
  async look<R>(body: unknown): Promise<R> {
    return (await this.#send<R>('PUT', '', body, { preview: true })).data;
  }

  /** Do something to the version at hand; throws what goes wrong. */
  async act(method: 'PUT' | 'POST', below: string, body: unknown): Promise<void> {
    const answer = await this.#send<T>(method, below, body);
    this.#etag = answer.etag ?? this.#etag;
    this.take(answer.data);
  }

  async #send<R>(method: 'PUT' | 'POST', below: string, body: unknown, query?: Query): Promise<Answer<R>> {
    try {
      return await call<R>(method, this.#path + below, { body, query, headers: { 'If-Match': this.#etag } });
    } catch (error) {
      if (error instanceof Problem && error.status === CHANGED_MEANWHILE) await this.#meet();
      throw error;
    }
  }

  async #meet(): Promise<void> {
    const { data, etag } = await this.#fetch();
    this.#etag = etag ?? this.#etag;
    this.theirs = data;
  }

  #fetch(): Promise<Answer<T>> {
    return call<T>('GET', this.#path);
  }
}
