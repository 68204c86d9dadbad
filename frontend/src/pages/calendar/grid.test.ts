import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedIn, hoursShown, lanesOf, minutesOn, snapped, wallAfter, weekOf } from './grid.ts';

test('wall times and minutes of a day are one', () => {
  assert.equal(minutesOn('2026-11-22', '2026-11-22T09:30'), 570);
  assert.equal(minutesOn('2026-11-22', '2026-11-23T00:20'), 1460);
  assert.equal(wallAfter('2026-11-22', 570), '2026-11-22T09:30');
  assert.equal(wallAfter('2026-11-22', -30), '2026-11-21T23:30');
  assert.equal(snapped(577, 15), 570);
});

test('shows a usual day, and whole hours around what lies outside it', () => {
  assert.deepEqual(hoursShown([]), { from: 480, to: 1020 });
  assert.deepEqual(hoursShown([{ from: 430, to: 500 }, { from: 1100, to: 1500 }]), { from: 420, to: 1440 });
});

test('closed is what no opening covers', () => {
  const shown = { from: 480, to: 1020 };
  assert.deepEqual(closedIn(shown, []), [shown]);
  assert.deepEqual(closedIn(shown, [{ from: 780, to: 960 }, { from: 420, to: 720 }]), [{ from: 720, to: 780 }, { from: 960, to: 1020 }]);
  assert.deepEqual(closedIn(shown, [{ from: 0, to: 1440 }]), []);
  assert.deepEqual(closedIn(shown, [{ from: 1080, to: 1140 }]), [shown]);
});

test('visits that meet lie side by side, others take the whole width', () => {
  assert.deepEqual(lanesOf([{ from: 0, to: 50 }, { from: 30, to: 60 }, { from: 50, to: 90 }, { from: 90, to: 100 }]), [
    { lane: 0, of: 2 }, { lane: 1, of: 2 }, { lane: 0, of: 2 }, { lane: 0, of: 1 },
  ]);
});

test('a week begins where the clinic begins it', () => {
  assert.equal(weekOf('2026-11-22', 6)[0], '2026-11-22');
  assert.equal(weekOf('2026-11-22', 0)[0], '2026-11-16');
  assert.deepEqual(weekOf('2026-11-25', 5).filter((_, index) => index % 6 === 0), ['2026-11-21', '2026-11-27']);
});
