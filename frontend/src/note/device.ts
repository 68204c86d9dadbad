/**
 * Drafts on this device, as ciphertext only. Where the server gives no key or the browser no database, there
 * is no store, and the editor says that the text is only in the page. A draft leaves the device when the server
 * has it, and not before; signing out asks.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { api } from '$lib/api';
import { boot } from '$lib/boot';
import { DRAFTS } from '$lib/session';
import { keyFrom, open, seal } from './cipher.ts';
import type { Text } from './save.ts';

const NAME = DRAFTS;

interface Drafts extends DBSchema {
  drafts: { key: string; value: Uint8Array<ArrayBuffer> };
}

export interface Kept {
  readonly etag: string | null;
  readonly template: string;
  readonly parts: readonly Text[];
  /** The Idempotency-Key under which the note was to be created. */
  readonly key: string;
}

const placeOf = (id: string): string => `${boot.user?.id ?? ''}:${id}`;

export class DeviceDrafts {
  #database: IDBPDatabase<Drafts>;
  #key: CryptoKey;

  constructor(database: IDBPDatabase<Drafts>, key: CryptoKey) {
    this.#database = database;
    this.#key = key;
  }

  async put(id: string, kept: Kept): Promise<void> {
    await this.#database.put(NAME, await seal(this.#key, placeOf(id), kept), placeOf(id));
  }

  async get(id: string): Promise<Kept | undefined> {
    const blob = await this.#database.get(NAME, placeOf(id));
    return blob && open<Kept>(this.#key, placeOf(id), blob);
  }

  async drop(id: string): Promise<void> {
    await this.#database.delete(NAME, placeOf(id));
  }
}

async function make(): Promise<DeviceDrafts | undefined> {
  try {
    // A session that only its call keeps gets no key; the call goes on.
    const { key } = await api.get<{ key: string }>('/me/draft-key', {}, { anonymous: true });
    const database = await openDB<Drafts>(NAME, 1, {
      upgrade: (fresh) => void fresh.createObjectStore(NAME),
      // The browser's own deleting of site data: give the store up.
      blocking: (_current, _blocked, event) => {
        opened = undefined;
        (event.target as IDBDatabase).close();
      },
    });
    return new DeviceDrafts(database, await keyFrom(key));
  } catch {
    return undefined;
  }
}

let opened: Promise<DeviceDrafts | undefined> | undefined;

export async function deviceDrafts(): Promise<DeviceDrafts | undefined> {
  opened ??= make();
  const drafts = await opened;
  if (!drafts) opened = undefined;
  return drafts;
}
