import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Appointment, CalendarPage, OpenHours } from '../../lib/api/types.ts';
import { columnOf, deskActs, freedIn, localEnd, peopleOf } from './columns.ts';

const visit = (id: string, practitioner: string, hour: string, more: Partial<Appointment> = {}): Appointment => ({
  id, practitioner, practitioner_name: `Dr ${practitioner}`, starts_at: `2026-11-22T${hour}:00:00+00:00`, ends_at: `2026-11-22T${hour}:50:00+00:00`,
  local: `2026-11-22T${hour}:00`, tz: 'UTC', offset: '+00:00', status: 'booked', service: 's', service_name: 'S', patient: 'p', patient_name: 'P',
  modality: 'video', version: 1, room_opens_at: null, may_cancel: true, may_join: false, checked_in_at: null, change_until: '', change_until_local: '', location: null, location_name: null, overbook_of: null, overbooked: false, ...more,
});

const hours = (practitioner: string, from: string, to: string): OpenHours => ({
  practitioner, practitioner_name: `Dr ${practitioner}`, starts_at: `${from}:00+00:00`, ends_at: `${to}:00+00:00`, local: from, local_end: to, tz: 'UTC',
});
const pageOf = (items: Appointment[], open: OpenHours[] = []): CalendarPage => ({ items, hours: open, holds: [], leave: [], holidays: [], next: null });

test('shows those who are open or hold visits that day, by name', () => {
  const page = pageOf([visit('c', 'b', '11'), visit('a', 'd', '09', { local: '2026-11-23T00:30' })], [hours('c', '2026-11-22T09:00', '2026-11-22T12:00'), hours('a', '2026-11-21T22:00', '2026-11-22T02:00')]);
  assert.deepEqual(peopleOf(page, '2026-11-22').map((person) => person.id), ['a', 'b', 'c']);
});

test('a column has its own visits, soonest first, and its openings in minutes of the day', () => {
  const page = pageOf([visit('b', 'a', '10'), visit('x', 'b', '10'), visit('a', 'a', '09')], [hours('a', '2026-11-21T22:00', '2026-11-22T02:00')]);
  const column = columnOf(page, { id: 'a', name: 'Dr a' }, '2026-11-22');
  assert.deepEqual(column.visits.map((each) => each.id), ['a', 'b']);
  assert.deepEqual([column.open, column.tz, column.offset], [[{ from: -120, to: 120 }], 'UTC', 0]);
});

test('neither other days nor what was called off', () => {
  const page = pageOf([visit('a', 'a', '09', { status: 'cancelled' }), visit('b', 'a', '09', { local: '2026-11-23T00:30' })]);
  assert.deepEqual(columnOf(page, { id: 'a', name: '' }, '2026-11-22').visits, []);
  assert.deepEqual(peopleOf(page, '2026-11-22'), []);
});

test('who is away that day has a column too, from the first midnight to the last', () => {
  const away = { ...hours('z', '2026-11-20T00:00', '2026-11-23T00:00'), id: 'l', kind: 'leave', cover_name: null };
  const page = { ...pageOf([]), leave: [away] };
  const on = (day: string): number => columnOf(page, { id: 'z', name: '' }, day).away.length;
  assert.deepEqual([on('2026-11-19'), on('2026-11-20'), on('2026-11-22'), on('2026-11-23')], [0, 1, 1, 0]);
  assert.deepEqual(peopleOf(page, '2026-11-22').map((person) => person.id), ['z']);
});

test('a time is free again once, while it is to come and nobody has taken it', () => {
  const gone = { status: 'cancelled' } as const;
  const items = [visit('a', 'a', '09', gone), visit('b', 'a', '10', gone), visit('c', 'a', '10', gone), visit('d', 'a', '11', gone), visit('e', 'a', '11'), visit('f', 'b', '12', gone)];
  const page = pageOf(items);
  const free = freedIn(page, columnOf(page, { id: 'a', name: '' }, '2026-11-22'), Date.parse('2026-11-22T09:30Z'));
  assert.deepEqual(free.map((each) => each.id), ['b']);
  const held = { ...page, holds: [{ ...hours('a', '2026-11-22T10:30', '2026-11-22T11:20'), id: 'h', expires_at: '' }] };
  assert.deepEqual(freedIn(held, columnOf(held, { id: 'a', name: '' }, '2026-11-22'), Date.parse('2026-11-22T09:30Z')), []);
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
  assert.deepEqual(deskActs(visit('a', 'a', '10', { status: 'noshow' }), Date.parse('2026-11-22T10:20Z')), { checkIn: true, noShow: false });
  assert.deepEqual(deskActs(visit('a', 'a', '10', { status: 'arrived' }), Date.parse('2026-11-22T10:00Z')), { checkIn: false, noShow: false });
});
