import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standingOf } from './state.ts';
import { inTwo, lengthOf } from './words.ts';

const other = { seat: '1', role: 'patient', name: 'Layla', state: 'admitted', here: true, media: null } as const;
const view = { phase: 'admitted', online: true, other, verdict: { state: 'pending' }, connected: true } as const;
const line = { grade: 'good', paused: false, frozen: false, lost: false, telephone: false, met: true } as const;

test('says one thing, the most pressing first', () => {
  assert.equal(standingOf({ ...view, phase: 'joining' }, line), 'joining');
  assert.equal(standingOf({ ...view, verdict: { state: 'intercepted' } }, { ...line, lost: true }), 'intercepted');
  assert.equal(standingOf({ ...view, other: undefined }, { ...line, telephone: true }), 'alone');
  assert.equal(standingOf({ ...view, other: { ...other, state: 'waiting' } }, line), 'outside');
  assert.equal(standingOf({ ...view, other: undefined, online: false }, line), 'lost');
  assert.equal(standingOf(view, { ...line, lost: true, telephone: true }), 'telephone');
  assert.equal(standingOf({ ...view, other: { ...other, here: false } }, { ...line, lost: true }), 'away');
  assert.equal(standingOf(view, { ...line, lost: true }), 'lost');
  assert.equal(standingOf(view, { ...line, met: false }), 'connecting');
});

test('says whose picture has paused, and grades the line otherwise', () => {
  assert.equal(standingOf(view, { ...line, paused: true, frozen: true }), 'paused');
  assert.equal(standingOf(view, { ...line, frozen: true }), 'theirs_paused');
  assert.equal(standingOf(view, { ...line, grade: 'poor' }), 'fair');
});

test('writes lengths and check numbers as they are read', () => {
  assert.deepEqual([lengthOf(0), lengthOf(760), lengthOf(3760)], ['00:00', '12:40', '1:02:40']);
  assert.equal(inTwo('012345'), '012 345');
});
