import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMinor } from './minor.ts';

test('is over on the eighteenth birthday', () => {
  assert.equal(isMinor('2008-11-23', '2026-11-22T10:00'), true);
  assert.equal(isMinor('2008-11-22', '2026-11-22T10:00'), false);
});

test('is nobody whose birthday is not known', () => {
  assert.equal(isMinor(null, '2026-11-22T10:00'), false);
});
