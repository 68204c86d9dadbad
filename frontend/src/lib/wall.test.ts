import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, localeTag, partOfDay, wallAt, wallDate } from './wall.ts';

test('reads wall time without moving it', () => {
  assert.equal(wallDate('2026-11-22T16:00').toISOString(), '2026-11-22T16:00:00.000Z');
  assert.equal(wallDate('2026-11-22T16:00:00').toISOString(), '2026-11-22T16:00:00.000Z');
  assert.equal(wallDate('2026-11-22').toISOString(), '2026-11-22T00:00:00.000Z');
});

test('adds days over the end of a month and a leap day', () => {
  assert.equal(addDays('2026-11-30', 1), '2026-12-01');
  assert.equal(addDays('2028-02-28', 1), '2028-02-29');
  assert.equal(addDays('2026-01-01', -1), '2025-12-31');
});

test('writes the clinic wall time of an instant from the offset alone', () => {
  assert.equal(wallAt(new Date('2026-11-22T23:30:00Z'), '+02:00'), '2026-11-23T01:30');
  assert.equal(wallAt(new Date('2026-12-01T10:00:00Z'), '+00:00'), '2026-12-01T10:00');
  assert.throws(() => wallAt(new Date(), 'Casablanca'), RangeError);
});

test('splits the day at noon and at five', () => {
  assert.equal(partOfDay('2026-11-22T11:59'), 'morning');
  assert.equal(partOfDay('2026-11-22T12:00'), 'afternoon');
  assert.equal(partOfDay('2026-11-22T17:00'), 'evening');
});

test('writes Latin digits unless the clinic chose others', () => {
  const format = (digits: 'latn' | 'arab'): string =>
    new Intl.DateTimeFormat(localeTag('ar', digits), { day: 'numeric', timeZone: 'UTC' }).format(wallDate('2026-11-22'));
  assert.equal(format('latn'), '22');
  assert.equal(format('arab'), '٢٢');
});
