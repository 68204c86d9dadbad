import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pieces } from './pieces.ts';

test('tells links from words', () => {
  assert.deepEqual(pieces('See http://localhost:8000/visits now'), [
    { text: 'See ', link: false },
    { text: 'http://localhost:8000/visits', link: true },
    { text: ' now', link: false },
  ]);
});

test('leaves text without a link whole', () => {
  assert.deepEqual(pieces('مرحبا'), [{ text: 'مرحبا', link: false }]);
});
