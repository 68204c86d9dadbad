import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CareRelationship, Consent } from '../../lib/api/types.ts';
import { closed, readers, waiting } from './standing.ts';

const now = new Date('2026-11-22T10:00:00Z');
const consent = (id: string, who: string, more: Partial<Consent> = {}): Consent => ({
  id, status: 'active', grantee: { id: who, name: who.toUpperCase() }, purposes: ['TREAT'], compartments: ['general'], effect: 'permit',
  starts_at: '2026-01-01T00:00:00Z', ends_at: null, ends_on: null, granted_at: '2026-01-01T00:00:00Z', revoked_at: null, form: 'f', ...more,
});
const member = (who: string, confirmed = true): CareRelationship => ({ id: `r-${who}`, practitioner: who, practitioner_name: who.toUpperCase(), kind: 'treating', since: '2026-01-01T00:00:00Z', confirmed });

test('readers are those with a live permission', () => {
  const all = [consent('1', 'a'), consent('2', 'b', { status: 'inactive' }), consent('3', 'c', { ends_at: '2026-11-01T00:00:00Z' }), consent('4', 'd', { effect: 'deny' })];
  assert.deepEqual(readers(all, [], 'permit', now).map((each) => each.id), ['a']);
  assert.deepEqual(readers(all, [], 'deny', now).map((each) => each.id), ['d']);
});

test('those who treat without permission, or lost it, can be allowed with what they had', () => {
  const all = [consent('1', 'a'), consent('2', 'b', { status: 'inactive', compartments: ['general', 'psychotherapy'] })];
  const found = closed(all, [member('a'), member('c'), member('new', false)], now);
  assert.deepEqual(found.map((each) => [each.id, each.compartments.length]), [['c', 1], ['b', 2]]);
});

test('a relationship that somebody else made waits for a word', () => {
  assert.deepEqual(waiting([member('a'), member('b', false)]).map((each) => each.practitioner), ['b']);
});
