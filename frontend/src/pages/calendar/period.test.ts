import assert from 'node:assert/strict';
import { test } from 'node:test';
import { around } from './period.ts';

test('a day reaches a little beyond its midnights', () => {
  assert.deepEqual(around('2026-12-01', '+02:00'), { from: '2026-11-30T21:00:00+02:00', to: '2026-12-02T03:00:00+02:00' });
  assert.equal(around('2026-12-01', '+02:00', '2026-12-07').to, '2026-12-08T03:00:00+02:00');
});
