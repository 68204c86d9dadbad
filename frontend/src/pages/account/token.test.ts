import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenIn } from './token.ts';

test('reads a token with or without its name', () => {
  assert.equal(tokenIn('#token=a-b_C'), 'a-b_C');
  assert.equal(tokenIn('#a-b_C'), 'a-b_C');
  assert.equal(tokenIn('#other=1'), '');
  assert.equal(tokenIn(''), '');
});
