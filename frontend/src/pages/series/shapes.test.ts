import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, askedOver, freeOf, goOver, leaveOut, movesOver, movesTo, moveTo, NONE, type Occurrence, savedOf, takeBack } from './shapes.ts';

const TEN = '2026-12-01T10:00:00+02:00';
const TEN_UTC = '2026-12-01T08:00:00+00:00';
const ELEVEN = '2026-12-01T11:00:00+02:00';

const date = (starts_at: string, fate: Occurrence['fate'], instead_of: string | null = null): Occurrence => ({
  starts_at, ends_at: starts_at, local: starts_at.slice(0, 16), tz: 'Asia/Jerusalem', offset: '+02:00', fate, alternatives: [], instead_of, appointment: null, over: false,
});

test('a date is moved or left out, and the last word counts', () => {
  const moved = moveTo(leaveOut(NONE, TEN), TEN_UTC, ELEVEN);
  assert.deepEqual(asked(moved), { moved: [{ instead_of: TEN_UTC, starts_at: ELEVEN }], left_out: [] });
  assert.deepEqual(asked(leaveOut(moved, TEN)), { moved: [], left_out: [TEN] });
  assert.deepEqual(asked(takeBack(moved, TEN)), { moved: [], left_out: [] });
});

test('what is not free is left out by name when it is saved', () => {
  const dates = [date(TEN, 'clash'), date(ELEVEN, 'free'), date('2026-12-08T10:00:00+02:00', 'holiday')];
  assert.deepEqual(asked(NONE, dates).left_out, [TEN, '2026-12-08T10:00:00+02:00']);
  assert.equal(freeOf(dates), 1);
});

test('a date that was moved onto another visit is left out by its own instant', () => {
  const choices = moveTo(NONE, TEN, ELEVEN);
  assert.deepEqual(asked(choices, [date(ELEVEN, 'clash', TEN_UTC)]), { moved: [], left_out: [TEN_UTC] });
});

test('the desk goes over what is in the way, says why, and never over somebody\'s own visit', () => {
  const dates = [date(TEN, 'clash'), date(ELEVEN, 'free'), date('2026-12-08T10:00:00+02:00', 'patient_clash')];
  const choices = goOver(goOver(NONE, TEN_UTC), '2026-12-08T10:00:00+02:00');
  assert.deepEqual(asked(choices, dates).left_out, ['2026-12-08T10:00:00+02:00']);
  assert.deepEqual(askedOver(choices, dates, 'asked'), { over: [TEN], override: { reason: 'asked' } });
  assert.deepEqual([savedOf(choices, dates), savedOf(takeBack(choices, TEN), dates)], [2, 1]);
  assert.deepEqual(askedOver(NONE, dates, ''), {});
});

test('a visit on its way goes where it is free, or over what it meets where the desk says so', () => {
  const taken = { ...date(TEN, 'clash'), appointment: 'a' };
  const own = { ...date(TEN, 'patient_clash'), appointment: 'b' };
  assert.deepEqual([movesTo([], taken), movesTo([], date(ELEVEN, 'free'))], [false, true]);
  assert.deepEqual([movesTo(['a', 'b'], taken), movesOver(['a', 'b'], own)], [true, false]);
});
