import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Appointment, AppointmentStatus } from '../../lib/api/types.ts';
import { isUndecided, minutesOf, ofDay, phaseOf, rowsOf, sumsOf } from './day.ts';

function visit(id: string, hour: number, status: AppointmentStatus = 'booked'): Appointment {
  const two = String(hour).padStart(2, '0');
  return {
    id, status, starts_at: `2026-11-22T${two}:00:00+00:00`, ends_at: `2026-11-22T${two}:50:00+00:00`, local: `2026-11-22T${two}:00`,
    tz: 'Africa/Casablanca', offset: '+00:00', service: 's', service_name: 'Follow-up', practitioner: 'p', practitioner_name: 'P',
    patient: 'q', patient_name: 'Q', modality: 'video', version: 1, room_opens_at: null, may_cancel: false, may_join: false, checked_in_at: null, change_until: '', change_until_local: '', location: null, location_name: null, overbook_of: null, overbooked: false,
  };
}
const at = (time: string): number => Date.parse(`2026-11-22T${time}Z`);

test('a visit lasts from its start to its end', () => {
  assert.equal(minutesOf(visit('a', 9)), 50);
  assert.equal(phaseOf(visit('a', 9), at('08:59')), 'coming');
  assert.equal(phaseOf(visit('a', 9), at('09:00')), 'now');
  assert.equal(phaseOf(visit('a', 9), at('09:50')), 'past');
  assert.equal(phaseOf(visit('a', 9, 'fulfilled'), at('09:10')), 'past');
});

test('somebody says what became of a visit that nobody was seen at', () => {
  assert.equal(isUndecided(visit('a', 9), 'past'), true);
  assert.equal(isUndecided(visit('a', 9), 'now'), false);
  assert.equal(isUndecided({ ...visit('a', 9), modality: 'phone' }, 'now'), true);
  assert.equal(isUndecided({ ...visit('a', 9), modality: 'phone' }, 'coming'), false);
  assert.equal(isUndecided(visit('a', 9, 'arrived'), 'past'), false);
});

test('the day holds its own visits in order, without those called off', () => {
  const given = [visit('b', 11), visit('a', 9), visit('c', 12, 'cancelled'), { ...visit('d', 9), local: '2026-11-23T09:00' }];
  assert.deepEqual(ofDay(given, '2026-11-22').map((each) => each.id), ['a', 'b']);
});

test('a long break stands between visits, a short one does not', () => {
  const rows = rowsOf([visit('a', 9), visit('b', 10), visit('c', 12)], at('09:10'));
  assert.deepEqual(rows.map((row) => row.id), ['a', 'b', 'gap-c', 'c']);
  assert.deepEqual(rows[2], { kind: 'gap', id: 'gap-c', until: '2026-11-22T12:00' });
});

test('counts each visit once', () => {
  const day = [visit('a', 9), visit('b', 10), visit('c', 12)];
  assert.deepEqual(sumsOf(day, at('10:10'), []), { done: 1, now: 1, waiting: 0, coming: 1 });
  assert.deepEqual(sumsOf(day, at('08:50'), [{ appointment: 'a', state: 'waiting' }]), { done: 0, now: 0, waiting: 1, coming: 2 });
  assert.deepEqual(sumsOf(day, at('08:58'), [{ appointment: 'a', state: 'admitted' }, { appointment: 'b', state: 'arrived' }]), { done: 0, now: 1, waiting: 1, coming: 1 });
});

test('who is still there after the hour counts as there, unless the visit was closed', () => {
  const late = [{ appointment: 'a', state: 'admitted' }] as const;
  assert.deepEqual(sumsOf([visit('a', 9)], at('09:55'), late), { done: 0, now: 1, waiting: 0, coming: 0 });
  assert.deepEqual(sumsOf([visit('a', 9, 'fulfilled')], at('09:55'), late), { done: 1, now: 0, waiting: 0, coming: 0 });
});

test('a session of a group stands among the visits by its time', () => {
  const session = { ...visit('g', 10), capacity: 8, taken: 7, waiting: 0 };
  const rows = rowsOf([visit('a', 9), session, visit('c', 11)], at('10:10'));
  assert.deepEqual(rows.map((row) => [row.kind, row.id]), [['visit', 'a'], ['session', 'g'], ['visit', 'c']]);
});
