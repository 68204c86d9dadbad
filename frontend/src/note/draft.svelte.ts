/**
 * A draft while it is written: 0.8 s after a pause it is sealed on the device, within 3 s it is on its way to
 * the server. What another page of the author's wrote meanwhile is shown beside it and never overwritten.
 */
import { newKey, type Note, Problem } from '$lib/api';
import type { Place } from '$lib/session';
import { deviceDrafts, type DeviceDrafts, type Kept } from './device.ts';
import { createNote, type NewNote, readNote, writeNote } from './remote.ts';
import { isEmpty, openingOf, retryAfter, sameText, saveLine, type Text } from './save.ts';

const DEVICE_MS = 800;
const SERVER_MS = 3_000;

export interface Start {
  readonly note: Note | null;
  readonly fresh: NewNote;
}

export class Draft {
  note = $state.raw<Note | null>(null);
  parts = $state<Text[]>([]);
  template = $state('');
  /** What the server has, where it is not what this text was written from. */
  theirs = $state.raw<Note | undefined>();
  problem = $state.raw<Problem | undefined>();
  #unsent = $state(false);
  #onDevice = $state(false);
  #unreached = $state(false);
  #locked = $state(false);
  #fresh: NewNote;
  #key = newKey();
  #failures = 0;
  #sending: Promise<void> | undefined;
  #timers: { device?: ReturnType<typeof setTimeout>; server?: ReturnType<typeof setTimeout> } = {};

  readonly line = $derived(
    saveLine({
      locked: this.#locked,
      conflict: this.theirs !== undefined,
      unsent: this.#unsent,
      onDevice: this.#onDevice,
      unreached: this.#unreached,
      refused: this.problem !== undefined,
      fresh: this.note === null,
    }),
  );

  constructor(start: Start) {
    this.#fresh = start.fresh;
    this.note = start.note;
    this.template = start.note?.template ?? start.fresh.template;
    this.parts = (start.note?.sections ?? start.fresh.parts).map((part) => ({ ...part }));
  }

  get empty(): boolean {
    return isEmpty(this.parts);
  }

  /** True while closing the page would lose words. */
  get onlyHere(): boolean {
    return this.#unsent && !this.#onDevice;
  }

  get #place(): string {
    return this.note?.id ?? `visit-${this.#fresh.appointment ?? this.#fresh.patient}`;
  }

  /** Take up what this device still holds from an earlier page. */
  async resume(): Promise<void> {
    const kept = await (await deviceDrafts())?.get(this.#place).catch(() => undefined);
    if (!kept || this.#unsent) return;
    const server = { etag: this.note?.etag ?? null, parts: this.note?.sections ?? [] };
    const opening = openingOf(server, kept);
    if (opening === 'server') return this.#forget();
    this.parts = kept.parts.map((part) => ({ ...part }));
    this.template = kept.template;
    this.#key = kept.key;
    this.#unsent = this.#onDevice = true;
    if (opening === 'conflict' && this.note) this.theirs = this.note;
    else this.#schedule();
  }

  /** The text has changed. */
  touch(): void {
    this.#unsent = true;
    this.#onDevice = false;
    this.problem = undefined;
    clearTimeout(this.#timers.device);
    this.#timers.device = setTimeout(() => void this.keep(), DEVICE_MS);
    this.#schedule();
  }

  /** Put the text on the device now. */
  async keep(): Promise<void> {
    clearTimeout(this.#timers.device);
    if (!this.#unsent) return;
    const kept: Kept = { etag: this.note?.etag ?? null, template: this.template, parts: $state.snapshot(this.parts), key: this.#key };
    const store = await deviceDrafts();
    if (store && (await this.#put(store, kept))) this.#onDevice = this.#unsent && sameText(kept.parts, this.parts);
  }

  async #put(store: DeviceDrafts, kept: Kept): Promise<boolean> {
    return store.put(this.#place, kept).then(
      () => true,
      () => false,
    );
  }

  async #forget(): Promise<void> {
    this.#onDevice = false;
    await (await deviceDrafts())?.drop(this.#place).catch(() => undefined);
  }

  /** Put the text as far into safety as it gets, and tell how far that is. */
  async secure(): Promise<Place> {
    await this.keep();
    if (await this.send()) return 'clinic';
    return this.#onDevice ? 'device' : 'page';
  }

  #schedule(): void {
    if (this.theirs || this.#locked) return;
    this.#timers.server ??= setTimeout(() => void this.send(), this.#failures ? retryAfter(this.#failures) : SERVER_MS);
  }

  /** Send the text now; true when the server has exactly what stands here. */
  async send(keepalive = false): Promise<boolean> {
    clearTimeout(this.#timers.server);
    this.#timers.server = undefined;
    while (this.#sending) await this.#sending;
    if (!this.#unsent || this.theirs || this.#locked) return !this.#unsent;
    this.#sending = this.#attempt(keepalive);
    await this.#sending;
    this.#sending = undefined;
    return !this.#unsent;
  }

  async #attempt(keepalive: boolean): Promise<void> {
    const sent = $state.snapshot(this.parts);
    const place = this.#place;
    try {
      const note = this.note
        ? await writeNote(this.note.id, this.note.etag, sent, keepalive)
        : await createNote({ ...this.#fresh, template: this.template, parts: sent }, this.#key, keepalive);
      await this.#arrived(note, sent, place);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await this.#failed(error);
    }
  }

  async #arrived(note: Note, sent: readonly Text[], place: string): Promise<void> {
    this.note = note;
    this.#failures = 0;
    this.#unreached = false;
    this.problem = undefined;
    this.#unsent = !sameText(sent, this.parts);
    if (place !== this.#place) await (await deviceDrafts())?.drop(place).catch(() => undefined);
    if (this.#unsent) this.#schedule();
    else await this.#forget();
  }

  async #failed(problem: Problem): Promise<void> {
    await this.keep();
    if (problem.status === 412 && this.note) {
      this.theirs = await readNote(this.note.id).catch(() => undefined);
      if (this.theirs?.status === 'draft') return;
      this.problem = problem;
    } else if (problem.offline || problem.status === 429 || problem.status >= 500) {
      this.#failures += 1;
      this.#unreached = true;
      this.#schedule();
    } else this.problem = problem;
  }

  /** The network is back. */
  again(): void {
    this.#failures = 0;
    if (this.#unsent) void this.send();
  }

  /** End a conflict with the text as it stands here, written over the version that was shown beside it. */
  async keepMine(): Promise<void> {
    this.note = this.theirs ?? this.note;
    this.theirs = undefined;
    this.#unsent = true;
    await this.send();
  }

  /** End a conflict with the version on the server. */
  async takeTheirs(): Promise<void> {
    if (!this.theirs) return;
    this.note = this.theirs;
    this.theirs = undefined;
    this.template = this.note.template;
    this.parts = this.note.sections.map((part) => ({ ...part }));
    this.#unsent = false;
    await this.#forget();
  }

  /** The note was signed: nothing is written any more. */
  lock(note: Note): void {
    this.note = note;
    this.#locked = true;
    this.stop();
    void this.#forget();
  }

  stop(): void {
    clearTimeout(this.#timers.device);
    clearTimeout(this.#timers.server);
    this.#timers = {};
  }
}
