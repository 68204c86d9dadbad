import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastDay, newRule, newSet, wholeDays } from './shapes.ts';

test('whole days reach to the midnight after the last one', () => {
  const days = { from: '2027-03-09', to: '2027-03-11' };
  assert.deepEqual(wholeDays(days), { starts: '2027-03-09T00:00', ends: '2027-03-12T00:00' });
  assert.equal(lastDay('2027-03-12T00:00'), '2027-03-11');
  assert.equal(lastDay('2027-03-12T13:00'), '2027-03-12');
});

test('other hours begin as a copy of the usual ones, without their dates', () => {
  const usual = { ...newRule('Asia/Hebron'), valid_from: '2026-01-01', valid_to: null };
  const made = newSet('ramadan', { from: '2027-02-08', to: '2027-03-08' }, [usual]);
  assert.deepEqual(made.rules, [newRule('Asia/Hebron')]);
  assert.notEqual(made.rules[0]?.modality, usual.modality);
});
