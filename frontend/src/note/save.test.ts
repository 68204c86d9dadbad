import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEmpty, type Known, openingOf, retryAfter, sameText, saveLine } from './save.ts';

const known = (facts: Partial<Known>): Known => ({ locked: false, conflict: false, unsent: false, onDevice: false, unreached: false, refused: false, fresh: false, ...facts });
const parts = (text: string) => [{ title: 'Plan', text }];

test('says where the text is, and never more than is true', () => {
  const table: [Partial<Known>, string, string][] = [
    [{ fresh: true }, 'saved', 'untouched'],
    [{}, 'saved', 'saved'],
    [{ unsent: true }, 'saving', 'saving'],
    [{ unsent: true, onDevice: true }, 'saving', 'saving'],
    [{ unsent: true, unreached: true, onDevice: true }, 'device', 'device'],
    [{ unsent: true, unreached: true }, 'saving', 'memory'],
    [{ unsent: true, refused: true, onDevice: true }, 'device', 'refused'],
    [{ unsent: true, refused: true }, 'saving', 'refused'],
    [{ unsent: true, conflict: true }, 'conflict', 'conflict'],
    [{ locked: true, unsent: true, conflict: true }, 'locked', 'locked'],
  ];
  for (const [facts, state, words] of table) assert.deepEqual(saveLine(known(facts)), { state, words }, JSON.stringify(facts));
});

test('opens the text of the device only where nothing else was written meanwhile', () => {
  const server = { etag: '"2"', parts: parts('a') };
  assert.equal(openingOf(server, undefined), 'server');
  assert.equal(openingOf(server, { etag: '"1"', parts: parts('a') }), 'server');
  assert.equal(openingOf(server, { etag: '"2"', parts: parts('b') }), 'device');
  assert.equal(openingOf(server, { etag: '"1"', parts: parts('b') }), 'conflict');
});

test('compares texts part by part', () => {
  assert.equal(sameText(parts('a'), parts('a')), true);
  assert.equal(sameText(parts('a'), []), false);
  assert.equal(isEmpty(parts(' \n')), true);
  assert.equal(isEmpty(parts('x')), false);
});

test('tries again less and less often', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 9].map(retryAfter), [5000, 10000, 20000, 40000, 60000, 60000]);
});
