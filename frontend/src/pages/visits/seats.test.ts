import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Group } from '../groups/shapes.ts';
import { shown, whole } from './seats.ts';

const session = (day: number, seat: Group['seat']): Group => {
  const local = `2026-12-${String(day).padStart(2, '0')}T10:00`;
  return {
    id: `${day}`, status: 'booked', starts_at: `${local}:00Z`, ends_at: `${local.slice(0, 13)}:50:00Z`, local, tz: 'Asia/Jerusalem', offset: '+02:00',
    service: 's', service_name: 'S', practitioner: 'p', practitioner_name: 'P', modality: 'in_person', site_name: 'Jerusalem', series_id: null, version: 1,
    capacity: 8, taken: 1, waiting: 0, seat, may: { join: seat === null, leave: seat !== null, note: false, change: false },
  };
};

test('a list of several pages is read to its end', async () => {
  const days = Array.from({ length: 7 }, (_, at) => at + 1);
  const read = (cursor = '0'): Promise<{ items: number[]; next: string | null }> => {
    const end = Number(cursor) + 3;
    return Promise.resolve({ items: days.slice(Number(cursor), end), next: end < days.length ? String(end) : null });
  };
  assert.deepEqual(await whole(read), days);
});

test('every seat of one’s own is shown, and two sessions that one may join', () => {
  const open = Array.from({ length: 20 }, (_, at) => session(at + 1, null));
  const mine = [session(28, 'booked'), session(30, 'waiting'), session(31, 'attended')];
  assert.deepEqual(shown(mine, open).map((each) => each.id), ['1', '2', '28', '30']);
});
