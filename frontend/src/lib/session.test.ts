import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beforeLeaving, keepEverything, type Place } from './session.ts';

async function least(...places: (Place | 'fails')[]): Promise<Place> {
  const undo = places.map((place) => beforeLeaving(() => (place === 'fails' ? Promise.reject(new Error('no')) : Promise.resolve(place))));
  const found = await keepEverything();
  for (const each of undo) each();
  return found;
}

test('nothing to keep is safe with the clinic', async () => assert.equal(await least(), 'clinic'));
test('one text that only the device has is what counts', async () => assert.equal(await least('clinic', 'device', 'clinic'), 'device'));
test('a text that only the page has counts before all', async () => assert.equal(await least('device', 'page'), 'page'));
test('a keeper that fails has kept nothing', async () => assert.equal(await least('clinic', 'fails'), 'page'));
