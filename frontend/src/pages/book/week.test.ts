import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Slot } from '../../lib/api/types.ts';
import { hrefOf, readPlan, stepOf } from './plan.ts';
import { daysOf, oneZone, partsOf, windowOf, weekWith } from './week.ts';

const slot = (local: string): Slot => ({
  practitioner: 'p', practitioner_name: 'P', service: 's', starts_at: `${local}:00+02:00`, ends_at: `${local}:00+02:00`, local, tz: 'Asia/Jerusalem', offset: '+02:00',
});

test('puts each slot on its day of the clinic, and empty days too', () => {
  const days = daysOf('2026-11-22', [slot('2026-11-24T09:30'), slot('2026-11-24T18:15'), slot('2026-12-01T10:00')]);
  assert.deepEqual(days.map((day) => day.slots.length), [0, 0, 2, 0, 0, 0, 0]);
  assert.equal(days[6]?.date, '2026-11-28');
});

test('shows only the parts of a day that have times', () => {
  const parts = partsOf([slot('2026-11-24T09:30'), slot('2026-11-24T18:15')]);
  assert.deepEqual(parts.map((each) => each.part), ['morning', 'evening']);
});

test('says the zone once where all times share it', () => {
  const elsewhere = { ...slot('2026-11-24T09:30'), tz: 'Africa/Casablanca' };
  assert.equal(oneZone([slot('2026-11-24T09:30'), slot('2026-11-24T10:30')]), slot('2026-11-24T09:30').tz);
  assert.equal(oneZone([slot('2026-11-24T09:30'), elsewhere]), undefined);
  assert.equal(oneZone([]), undefined);
});

test('asks for nothing that is past', () => {
  const now = new Date('2026-11-22T08:00:00Z');
  assert.equal(windowOf('2026-11-22', now).from, '2026-11-22T08:00:00.000Z');
  assert.deepEqual(windowOf('2026-11-29', now), { from: '2026-11-28T00:00:00.000Z', to: '2026-12-07T00:00:00Z' });
});

test('keeps the plan in the address and knows the step from it', () => {
  const plan = readPlan(new URLSearchParams('service=a&modality=video&at=2026-11-24T09:30:00%2B02:00&with=b'));
  assert.equal(stepOf(plan), 'confirm');
  assert.equal(plan.at, '2026-11-24T09:30:00+02:00');
  assert.deepEqual(readPlan(new URL(hrefOf(plan), 'http://x').searchParams), plan);
  assert.equal(stepOf(readPlan(new URLSearchParams('modality=fax'))), 'service');
  assert.equal(stepOf(readPlan(new URLSearchParams('service=a'))), 'slot');
  assert.equal(stepOf(readPlan(new URLSearchParams('booked=a'))), 'booked');
});

test('whoever comes back finds the week of the chosen day, counted from today', () => {
  assert.equal(weekWith('2026-11-22', '2026-11-28'), '2026-11-22');
  assert.equal(weekWith('2026-11-22', '2026-12-07'), '2026-12-06');
});
