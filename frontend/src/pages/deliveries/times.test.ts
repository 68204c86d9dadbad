import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choices, inUnits, sameTimes } from './times.ts';

test('says a time in its largest whole unit', () => {
  assert.deepEqual(inUnits(10_080), { n: 7, unit: 'day' });
  assert.deepEqual(inUnits(120), { n: 2, unit: 'hour' });
  assert.deepEqual(inUnits(90), { n: 90, unit: 'minute' });
});

test('offers what stands, however it came there', () => {
  assert.ok(choices([90]).some((one) => sameTimes(one, [90])));
  assert.equal(choices([120]).length, choices(null).length);
});

test('the clinic’s habit is no times of its own', () => {
  assert.equal(sameTimes([], null), false);
  assert.equal(sameTimes([], []), true);
});
