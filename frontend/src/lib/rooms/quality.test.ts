import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowFrom, flowing, frozen, type Grade, gradeOf, lost, needsTelephone, type Picture, SHOWN, step } from './quality.ts';
import { type Sample, sampleOf } from './stats.ts';

const sample = (more: Partial<Sample> = {}): Sample => ({ at: 0, packets: 0, frames: 0, loss: 0, roundTripMs: 50, roomBps: 1e6, ...more });

/** Let `grade` last for some seconds, one sample a second. */
function last(state: Picture, grade: Grade, from: number, seconds: number): Picture {
  let now = state;
  for (let second = 0; second <= seconds; second += 1) now = step(now, grade, from + second * 1000);
  return now;
}

test('grades by the worst of loss, delay and room', () => {
  assert.equal(gradeOf(sample(), true), 'good');
  assert.equal(gradeOf(sample({ loss: 0.05 }), true), 'fair');
  assert.equal(gradeOf(sample({ roundTripMs: 900 }), true), 'poor');
  assert.equal(gradeOf(sample({ roomBps: 60_000 }), true), 'poor');
  assert.equal(gradeOf(sample({ roomBps: 60_000 }), false), 'good');
  assert.equal(gradeOf(sample({ loss: null, roundTripMs: null, roomBps: null }), true), 'good');
});

test('pauses the picture after four bad seconds, not after a hiccup', () => {
  assert.equal(last(SHOWN, 'poor', 0, 3).paused, false);
  assert.equal(step(last(SHOWN, 'poor', 0, 3), 'fair', 3500).poorSince, null);
  assert.equal(last(SHOWN, 'poor', 0, 4).paused, true);
});

test('brings the picture back by itself, and waits longer after each failed return', () => {
  const paused = last(SHOWN, 'poor', 0, 4);
  assert.equal(last(paused, 'good', 5_000, 8).paused, true);
  const back = last(paused, 'good', 5_000, 10);
  assert.equal(back.paused, false);
  const again = last(back, 'poor', 16_000, 4);
  assert.deepEqual([again.paused, again.waitMs], [true, 20_000]);
  const longAfter = last(last(again, 'good', 21_000, 60), 'poor', 300_000, 4);
  assert.deepEqual([longAfter.paused, longAfter.waitMs], [true, 10_000]);
});

test('knows silence, a frozen picture, and when to give a telephone number', () => {
  const flow = flowing(flowFrom(0), sample({ at: 1000, packets: 50, frames: 20 }), true);
  assert.deepEqual([lost(flow, 2000), frozen(flow, 2000)], [false, false]);
  const speech = flowing(flow, sample({ at: 6000, packets: 99, frames: 20 }), true);
  assert.deepEqual([lost(speech, 6000), frozen(speech, 6000)], [false, true]);
  const soundOnly = flowing(flow, sample({ at: 6000, packets: 99, frames: 20 }), false);
  assert.equal(frozen(soundOnly, 6000), false);
  const silence = flowing(speech, sample({ at: 25_000, packets: 99, frames: 20 }), true);
  assert.deepEqual([lost(silence, 25_000), frozen(silence, 25_000), needsTelephone(silence, 25_000)], [true, false, false]);
  assert.equal(needsTelephone(silence, 26_000), true);
  const anew = flowing(silence, sample({ at: 27_000, packets: 3 }), true);
  assert.equal(lost(anew, 27_000), false);
});

test('reads the statistics of a connection', () => {
  const report = new Map<string, Record<string, unknown>>([
    ['1', { type: 'inbound-rtp', kind: 'audio', packetsReceived: 100 }],
    ['2', { type: 'inbound-rtp', kind: 'video', packetsReceived: 50, framesDecoded: 30 }],
    ['3', { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.25 }],
    ['0', { type: 'candidate-pair', id: '0', nominated: true, currentRoundTripTime: 9 }],
    ['4', { type: 'candidate-pair', id: '4', nominated: true, currentRoundTripTime: 0.12, availableOutgoingBitrate: 300_000 }],
  ]);
  assert.equal(sampleOf(report, 7).roundTripMs, 9_000);
  report.set('5', { type: 'transport', selectedCandidatePairId: '4' });
  assert.deepEqual(sampleOf(report, 7), { at: 7, packets: 150, frames: 30, loss: 0.25, roundTripMs: 120, roomBps: 300_000 });
  assert.deepEqual(sampleOf(new Map(), 7), { at: 7, packets: 0, frames: 0, loss: null, roundTripMs: null, roomBps: null });
});
