import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyFrom, open, seal } from './cipher.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const OTHER = '_-ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';

test('opens what it sealed, at its place, with its key, unchanged', async () => {
  const key = await keyFrom(KEY);
  const blob = await seal(key, 'note:1', { text: 'نومه أفضل' });
  assert.deepEqual(await open(key, 'note:1', blob), { text: 'نومه أفضل' });
  assert.equal(await open(key, 'note:2', blob), undefined);
  assert.equal(await open(await keyFrom(OTHER), 'note:1', blob), undefined);
  blob[20]! ^= 1;
  assert.equal(await open(key, 'note:1', blob), undefined);
});

test('the key cannot be read out, and no two blobs are alike', async () => {
  const key = await keyFrom(KEY);
  await assert.rejects(crypto.subtle.exportKey('raw', key));
  const [a, b] = [await seal(key, 'p', 1), await seal(key, 'p', 1)];
  assert.notDeepEqual(a, b);
});
