import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepNext, keptNext } from './later.ts';

function store(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

test('remembers for an hour where somebody was going, and tells it once', () => {
  const here = store();
  keepNext('/book?service=1', here, 0);
  assert.equal(keptNext(here, 1000), '/book?service=1');
  assert.equal(keptNext(here, 1000), undefined);
});

test('forgets after an hour and goes to no other site', () => {
  const here = store();
  keepNext('/book?service=1', here, 0);
  assert.equal(keptNext(here, 3_600_001), undefined);
  keepNext('//else.example', here, 0);
  assert.equal(keptNext(here, 1000), '/');
});
