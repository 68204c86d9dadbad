import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wallOf, weekdays } from './days.ts';

test('a week begins where the clinic says and has each day once', () => {
  assert.deepEqual(weekdays(6), [6, 0, 1, 2, 3, 4, 5]);
  assert.deepEqual(weekdays(0), [0, 1, 2, 3, 4, 5, 6]);
});

test('the wall times lie on their weekdays', () => {
  for (const day of weekdays(0)) assert.equal((new Date(`${wallOf(day)}Z`).getUTCDay() + 6) % 7, day);
});
