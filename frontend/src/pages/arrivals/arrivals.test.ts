import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Arrival, grouped, type Standing, wanting } from './arrivals.ts';

const of = (standing: Standing): Arrival => ({ standing, minutes: 0, late_by: 0, absence: null, presence: { patient: null, practitioner: null }, visit: {} as Arrival['visit'] });

test('what is to be decided comes first, empty groups not at all', () => {
  const groups = grouped([of('later'), of('late'), of('absent'), of('met'), of('unmet')]);
  assert.deepEqual(groups.map(([group, items]) => [group, items.length]), [['decide', 2], ['due', 1], ['here', 1], ['later', 1]]);
});

test('counts those who want somebody now', () => {
  assert.equal(wanting([of('due'), of('late'), of('absent'), of('here'), of('missed')]), 2);
});
