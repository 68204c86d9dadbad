import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Appointment } from './api/types.ts';
import { coming, opensAt, past } from './visits.ts';

const visit = (id: string, starts: string, status: Appointment['status'] = 'booked'): Appointment => ({
  id, status, starts_at: `${starts}:00Z`, ends_at: new Date(Date.parse(`${starts}:00Z`) + 3_000_000).toISOString(), local: starts, tz: 'Asia/Jerusalem', offset: '+02:00',
  service: 's', service_name: 'S', practitioner: 'p', practitioner_name: 'P', patient: 'x', patient_name: 'X', modality: 'video', version: 1,
  room_opens_at: `${starts}:00Z`, may_cancel: true, may_join: false, checked_in_at: null, change_until: '', change_until_local: '', location: null, location_name: null, overbook_of: null, overbooked: false,
});
const now = new Date('2026-11-22T10:00:00Z');

test('a visit is coming until it ends, and never when cancelled', () => {
  const all = [visit('late', '2026-11-29T16:00'), visit('running', '2026-11-22T09:30'), visit('off', '2026-11-25T16:00', 'cancelled'), visit('old', '2026-11-01T16:00', 'fulfilled')];
  assert.deepEqual(coming(all, now).map((each) => each.id), ['running', 'late']);
  assert.deepEqual(past(all, now).map((each) => each.id), ['off', 'old']);
});

test('the room opens by the clock of the clinic', () => {
  assert.equal(opensAt(visit('a', '2026-11-29T14:00')), '2026-11-29T16:00');
});
