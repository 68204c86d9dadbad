import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hueOf, initialsOf } from './face.ts';

test('takes first and last name, without titles and articles', () => {
  assert.equal(initialsOf('Dr. Salma El Idrissi'), 'SI');
  assert.equal(initialsOf('layla hamdan'), 'LH');
  assert.equal(initialsOf('د. سلمى الإدريسي'), 'س إ');
  assert.equal(initialsOf('Amal'), 'A');
  assert.equal(initialsOf(''), '');
});

test('keeps the hue of a person', () => {
  assert.equal(hueOf('5f9f'), hueOf('5f9f'));
});
