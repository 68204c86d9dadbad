import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEntry } from '../../lib/api/types.ts';
import { byDay, isOwn, passes, together } from './entries.ts';

const entry = (outcome: LogEntry['outcome'], purpose: string | null): LogEntry => ({
  id: '1', at: '2026-11-22T10:00:00Z', actor_name: 'A', actor_role: 'practitioner', action: 'note.read', object_type: 'note', purpose, outcome, reason_code: null, times: 1,
});

test('filters by outcome and by emergency', () => {
  assert.equal(passes(entry('allowed', 'TREAT'), 'all'), true);
  assert.equal(passes(entry('allowed', 'TREAT'), 'refused'), false);
  assert.equal(passes(entry('refused', 'TREAT'), 'refused'), true);
  assert.equal(passes(entry('allowed', 'BTG'), 'emergency'), true);
  assert.equal(passes(entry('allowed', null), 'emergency'), false);
});

test('tells own acts from those of another patient, who has no name here', () => {
  const own = { ...entry('allowed', 'PATRQT'), actor_role: 'patient' };
  const other = { ...entry('refused', null), actor_role: 'patient', actor_name: null };
  assert.deepEqual([isOwn(own), isOwn(other)], [true, false]);
  assert.deepEqual([passes(own, 'others'), passes(other, 'others')], [false, true]);
});

test('puts acts that are alike into one line and adds up how often', () => {
  const refused = entry('refused', null);
  const lines = together([refused, entry('allowed', 'TREAT'), { ...refused, id: '2', times: 3 }]);
  assert.deepEqual(lines.map((line) => [line.entry.outcome, line.times]), [['refused', 4], ['allowed', 1]]);
});

test('groups neighbours of one day', () => {
  const days = byDay(['2026-11-22T10', '2026-11-22T09', '2026-11-20T08'], (at) => at.slice(0, 10));
  assert.deepEqual(days.map((day) => [day.date, day.items.length]), [['2026-11-22', 2], ['2026-11-20', 1]]);
});
