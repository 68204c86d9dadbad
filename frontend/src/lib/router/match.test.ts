import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admits, match, paramsOf, type Route } from './match.ts';

const route = (path: string, who: Route['who'], page = path): Route => ({ path, who, page, title: 'x.y', frame: 'patient' });
const patient = { roles: ['patient'] };
const therapist = { roles: ['practitioner'] };

test('takes named segments and refuses other lengths', () => {
  assert.deepEqual(paramsOf('/visits/:id', '/visits/a%20b'), { id: 'a b' });
  assert.deepEqual(paramsOf('/visits/:id', '/visits/7/'), { id: '7' });
  assert.equal(paramsOf('/visits/:id', '/visits'), null);
  assert.deepEqual(paramsOf('/', '/'), {});
});

test('shows one path differently to different people', () => {
  const table = [route('/', 'patient', 'home'), route('/', 'signed-out', 'public')];
  assert.equal(match(table, '/', patient)?.route.page, 'home');
  assert.equal(match(table, '/', null)?.route.page, 'public');
  assert.equal(match(table, '/', therapist), null);
});

test('knows who is who', () => {
  assert.equal(admits('anyone', null), true);
  assert.equal(admits('signed-in', null), false);
  assert.equal(admits('signed-in', patient), true);
  assert.equal(admits('staff', patient), false);
  assert.equal(admits('staff', therapist), true);
  assert.equal(admits('reception', therapist), false);
  assert.equal(admits('oversight', { roles: ['auditor'] }), true);
  assert.equal(admits('oversight', therapist), false);
});
