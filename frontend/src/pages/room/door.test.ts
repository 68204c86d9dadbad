import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doorOf, whyOver } from './door.ts';

const now = new Date('2026-11-22T13:50:00Z');
const visit = { status: 'booked', modality: 'video', may_join: true, ends_at: '2026-11-22T14:50:00+00:00', room_opens_at: null } as const;

test('is open, not yet open, or no door at all', () => {
  assert.equal(doorOf(visit, undefined, now), 'open');
  assert.equal(doorOf({ ...visit, may_join: false }, undefined, now), 'closed');
  assert.equal(doorOf(visit, 'room_not_open', now), 'closed');
  assert.equal(doorOf(visit, 'room_closed', now), 'over');
  assert.equal(doorOf({ ...visit, may_join: false, status: 'cancelled' }, undefined, now), 'over');
  assert.equal(doorOf({ ...visit, may_join: false, modality: 'phone' }, undefined, now), 'over');
  assert.equal(doorOf({ ...visit, may_join: false }, undefined, new Date('2026-11-22T16:00:00Z')), 'over');
  assert.equal(doorOf(undefined, undefined, now), 'open');
});

test('says why there is none', () => {
  const shut = { ...visit, may_join: false };
  assert.equal(whyOver(visit), 'room.ended');
  assert.equal(whyOver({ ...shut, status: 'cancelled' }), 'room.cancelled');
  assert.equal(whyOver({ ...shut, modality: 'phone' }), 'room.not_video');
  assert.equal(whyOver(shut), 'room.closed');
});
