import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Appointment } from '../../lib/api/types.ts';
import type { Column } from './columns.ts';
import { isThere, neighbour, placeOf, shifted, wayOf } from './keys.ts';
import { lateBy, nowIn } from './present.ts';

const DAY = '2026-11-22';
const visit = (id: string, practitioner: string, time: string): Appointment => ({
  id, practitioner, practitioner_name: practitioner, starts_at: `${DAY}T${time}:00Z`, ends_at: new Date(Date.parse(`${DAY}T${time}:00Z`) + 3_000_000).toISOString(),
  local: `${DAY}T${time}`, tz: 'UTC', offset: '+00:00', status: 'booked', service: 's', service_name: 'S', patient: 'p', patient_name: 'P',
  modality: 'video', version: 1, room_opens_at: null, may_cancel: true, may_join: false, checked_in_at: null, change_until: '', change_until_local: '', location: null, location_name: null, overbook_of: null, overbooked: false,
});
const column = (id: string, ...visits: Appointment[]): Column => ({ key: id, day: DAY, id, name: id, tz: 'UTC', offset: 120, open: [], visits, groups: [], held: [], away: [] });
const columns = [column('a', visit('a1', 'a', '09:10'), visit('a2', 'a', '12:00')), column('b'), column('c', visit('c1', 'c', '08:00'), visit('c2', 'c', '11:00'))];
const first = columns[0]?.visits[0] as Appointment;

test('arrows follow the eye', () => {
  assert.equal(wayOf('ArrowLeft', false), 'back');
  assert.equal(wayOf('ArrowLeft', true), 'forward');
  assert.equal(wayOf('ArrowUp', true), 'up');
  assert.equal(wayOf('a', false), undefined);
});

test('chooses the next in the column, and the nearest in the next column that has any', () => {
  assert.equal(neighbour(columns, 'a1', 'down')?.id, 'a2');
  assert.equal(neighbour(columns, 'a1', 'up'), undefined);
  assert.equal(neighbour(columns, 'a2', 'forward')?.id, 'c2');
  assert.equal(neighbour(columns, 'c1', 'back')?.id, 'a1');
  assert.equal(neighbour(columns, 'a1', 'back'), undefined);
  assert.equal(neighbour(columns, 'nobody', 'up'), undefined);
});

test('carries a visit by the steps of its service, and never out of the day', () => {
  const place = placeOf(columns, first);
  assert.ok(place && isThere(place));
  assert.equal(shifted(columns, place, 'down', 30).from, 570);
  assert.equal(shifted(columns, place, 'up', 30).from, 540);
  assert.equal(shifted(columns, { ...place, from: 0 }, 'up', 30).from, 0);
  assert.equal(shifted(columns, { ...place, from: 1390 }, 'down', 30).from, 1390);
  const beside = shifted(columns, place, 'forward', 30);
  assert.deepEqual([beside.column.id, beside.from, isThere(beside)], ['b', 550, false]);
  assert.equal(shifted(columns, place, 'back', 30), place);
});

test('the present lies on the clocks of the column', () => {
  assert.equal(nowIn({ day: DAY, offset: 120 }, Date.parse(`${DAY}T07:42Z`)), 582);
  assert.equal(nowIn({ day: DAY, offset: undefined }, 0), -1);
  assert.ok(nowIn({ day: '2026-11-23', offset: 0 }, Date.parse(`${DAY}T07:42Z`)) < 0);
});

test('somebody is late while the visit lasts and nobody has come', () => {
  const at = (time: string): number => lateBy(first, Date.parse(`${DAY}T${time}Z`));
  assert.deepEqual([at('09:09'), at('09:18'), at('10:01')], [0, 8, 0]);
});
