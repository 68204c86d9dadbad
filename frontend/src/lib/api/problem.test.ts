import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemOf, unreachable } from './problem.ts';

test('keeps code, field errors and further facts', async () => {
  const body = { type: 'about:blank', title: 'Conflict', status: 409, code: 'slot_taken', detail: 'Taken.', alternatives: [1, 2, 3] };
  const problem = await problemOf(new Response(JSON.stringify(body), { status: 409 }));
  assert.equal(problem.code, 'slot_taken');
  assert.equal(problem.message, 'Taken.');
  assert.deepEqual(problem.facts['alternatives'], [1, 2, 3]);
});

test('makes a problem of an answer that is none', async () => {
  const problem = await problemOf(new Response('<html>Bad gateway', { status: 502 }));
  assert.equal(problem.code, 'http_502');
  assert.equal(problem.status, 502);
});

test('says offline only when nothing was reached', () => {
  assert.equal(unreachable().offline, true);
});
