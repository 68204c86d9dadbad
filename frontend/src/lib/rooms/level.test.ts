import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BARS, barsOf } from './level.ts';

const tone = (loudness: number): Float32Array => Float32Array.from({ length: 1024 }, (_, index) => loudness * Math.sin(index / 5));

test('lights no bar in silence, all for a loud voice, and more the louder it is', () => {
  assert.equal(barsOf(new Float32Array(1024)), 0);
  assert.equal(barsOf(new Float32Array()), 0);
  assert.equal(barsOf(tone(0.9)), BARS);
  const bars = [0.005, 0.02, 0.08, 0.3].map((loudness) => barsOf(tone(loudness)));
  assert.deepEqual(bars, [...bars].sort((one, other) => one - other));
  assert.ok(new Set(bars).size === bars.length);
});
