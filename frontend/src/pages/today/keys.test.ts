import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actOf } from './keys.ts';

const pressed = (key: string, code: string, more = {}) => ({ key, code, ctrlKey: false, metaKey: false, altKey: false, ...more });

test('reads keys by letter, by place where letters are not Latin, and leaves shortcuts alone', () => {
  assert.equal(actOf(pressed('j', 'KeyJ')), 'next');
  assert.equal(actOf(pressed('ت', 'KeyJ')), 'next');
  assert.equal(actOf(pressed('a', 'KeyQ')), 'admit');
  assert.equal(actOf(pressed('x', 'KeyA')), undefined);
  assert.equal(actOf(pressed('n', 'KeyN', { ctrlKey: true })), undefined);
});
