import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localDigits } from './digits.ts';

test('keeps Latin digits unless the clinic chose others', () => {
  assert.equal(localDigits('الساعة 16:00', 'ar', 'latn'), 'الساعة 16:00');
});

test('writes Arabic-Indic digits on Arabic pages only', () => {
  assert.equal(localDigits('الساعة 16:05', 'ar', 'arab'), 'الساعة ١٦:٠٥');
  assert.equal(localDigits('16 h', 'fr', 'arab'), '16 h');
});
