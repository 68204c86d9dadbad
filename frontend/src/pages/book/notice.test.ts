import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeOf } from './notice.ts';

const now = new Date('2026-11-22T10:00:00Z');

test('promises no cancelling once the notice has passed', () => {
  assert.deepEqual(noticeOf('2026-11-22T16:00:00Z', 24 * 60, now), { kind: 'never' });
  assert.deepEqual(noticeOf('2026-11-23T10:00:00Z', 24 * 60, now), { kind: 'never' });
});

test('tells the notice in whole hours, never too few', () => {
  assert.deepEqual(noticeOf('2026-11-25T10:00:00Z', 24 * 60, now), { kind: 'until', hours: 24 });
  assert.deepEqual(noticeOf('2026-11-25T10:00:00Z', 90, now), { kind: 'until', hours: 2 });
  assert.deepEqual(noticeOf('2026-11-25T10:00:00Z', 0, now), { kind: 'start' });
});
