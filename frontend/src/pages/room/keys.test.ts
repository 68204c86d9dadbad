import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actOf } from './keys.ts';

const press = (key: string, code: string, more: object = {}): Parameters<typeof actOf>[0] => ({
  ...{ key, code, ctrlKey: false, metaKey: false, altKey: false, repeat: false, target: { tagName: 'BODY' } },
  ...more,
});

test('reads keys by letter, and by place on an Arabic keyboard', () => {
  assert.equal(actOf(press('m', 'KeyM')), 'mic');
  assert.equal(actOf(press('V', 'KeyV')), 'camera');
  assert.equal(actOf(press('ة', 'KeyM')), 'mic');
  assert.equal(actOf(press('m', 'Semicolon')), 'mic', 'AZERTY keeps M elsewhere');
  assert.equal(actOf(press('Escape', 'Escape')), 'more');
  assert.equal(actOf(press('x', 'KeyX')), undefined);
});

test('stays out of writing and of the browser’s own shortcuts', () => {
  assert.equal(actOf(press('m', 'KeyM', { target: { tagName: 'TEXTAREA' } })), undefined);
  assert.equal(actOf(press('m', 'KeyM', { target: { tagName: 'DIV', isContentEditable: true } })), undefined);
  assert.equal(actOf(press('v', 'KeyV', { ctrlKey: true })), undefined);
  assert.equal(actOf(press('m', 'KeyM', { repeat: true })), undefined);
});
