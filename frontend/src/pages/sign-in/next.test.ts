import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeNext } from './next.ts';

test('goes back to a page of this site only', () => {
  assert.equal(safeNext('/book?service=1'), '/book?service=1');
  for (const bad of [null, '', 'https://else.example', '//else.example', '/\\else.example', 'javascript:1', '/sign-in']) {
    assert.equal(safeNext(bad), '/');
  }
});
