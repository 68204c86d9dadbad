import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byDay, type Duty, isOvernight, type UrgentRequest, waiting } from './shapes.ts';

const from = (local: string): Duty => ({ practitioner: 'a', practitioner_name: 'A', step: 1, starts_at: local, local, local_end: local, cover: null });

test('a night that began before the week stands on its first day', () => {
  const days = byDay([from('2026-11-21T20:00'), from('2026-11-22T08:00'), from('2026-11-28T20:00')], '2026-11-22');
  assert.deepEqual(days.map(([day, duties]) => [day.slice(8), duties.length]), [['22', 2], ['23', 0], ['24', 0], ['25', 0], ['26', 0], ['27', 0], ['28', 1]]);
});

test('a rule that ends at its start lasts a whole day', () => {
  assert.deepEqual([isOvernight('20:00', '08:00'), isOvernight('08:00', '08:00'), isOvernight('08:00', '20:00')], [true, true, false]);
});

test('what others have taken on waits for nobody here', () => {
  const of = (state: UrgentRequest['state'], mine: boolean): UrgentRequest => ({ state, mine }) as UrgentRequest;
  assert.equal(waiting([of('open', false), of('claimed', true), of('claimed', false), of('closed', true)]).length, 2);
});
