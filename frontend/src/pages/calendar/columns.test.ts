import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Appointment } from '../../lib/api/types.ts';
import { columnsOf, deskActs, localEnd } from './columns.ts';

const visit = (id: string, practitioner: string, hour: string, more: Partial<Appointment> = {}): Appointment => ({
  id, practitioner, practitioner_name: `Dr ${practitioner}`, starts_at: `2026-11-22T${hour}:00:00+00:00`, ends_at: `2026-11-22T${hour}:50:00+00:00`,
  local: `2026-11-22T${hour}:00`, tz: 'UTC', offset: '+00:00', status: 'booked', service: 's', service_name: 'S', patient: 'p', patient_name: 'P',
  modality: 'video', version: 1, room_opens_at: null, may_cancel: true, may_join: false, checked_in_at: null, ...more,
});

test('one column per therapist, by name, soonest first', () => {
  const columns = columnsOf([visit('c', 'b', '11'), visit('b', 'a', '10'), visit('a', 'b', '09')], '2026-11-22');
  assert.deepEqual(columns.map((column) => [column.id, column.visits.map((each) => each.id)]), [['a', ['b']], ['b', ['a', 'c']]]);
});

test('neither other days nor what was called off', () => {
  assert.deepEqual(columnsOf([visit('a', 'a', '09', { status: 'cancelled' }), visit('b', 'a', '09', { local: '2026-11-23T00:30' })], '2026-11-22'), []);
});

test('knows the wall time of the end', () => {
  assert.equal(localEnd(visit('a', 'a', '23', { local: '2026-11-22T23:30' })), '2026-11-23T00:20');
});

test('offers to note an arrival around the visit, an absence from its start on', () => {
  const at = (time: string) => deskActs(visit('a', 'a', '10'), Date.parse(`2026-11-22T${time}Z`));
  assert.deepEqual(at('08:44'), { checkIn: false, noShow: false });
  assert.deepEqual(at('08:45'), { checkIn: true, noShow: false });
  assert.deepEqual(at('10:00'), { checkIn: true, noShow: true });
  assert.deepEqual(at('10:50'), { checkIn: false, noShow: true });
  assert.deepEqual(deskActs(visit('a', 'a', '10', { status: 'arrived' }), Date.parse('2026-11-22T10:00Z')), { checkIn: false, noShow: false });
});
