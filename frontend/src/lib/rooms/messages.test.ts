import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACK, acked, faultOf, FROM_CLIENT, FROM_SERVER, received } from './messages.ts';
import { type Check, ShapeError } from './shapes.ts';
import { type Cases, vectors } from './testing/vectors.ts';

function hold(check: Check, cases: Cases): void {
  for (const { name, message } of cases.valid) assert.doesNotThrow(() => check(message, ''), name);
  for (const { name, message, field } of cases.invalid) {
    assert.throws(() => check(message, ''), (error) => error instanceof ShapeError && error.field === field, name);
  }
}

for (const [event, check] of Object.entries(FROM_CLIENT)) {
  test(`what we send as ${event} has the shape of the vectors`, () => hold(check, vectors(`client/${event}`)));
}

for (const [event, check] of Object.entries({ ...FROM_SERVER, ack: ACK })) {
  test(`what the server sends as ${event} has the shape of the vectors`, () => hold(check, vectors(`server/${event}`)));
}

test('drops what is no message, and takes a broken answer for no answer', () => {
  assert.equal(received('ended', { reason: 'ended' }), undefined);
  assert.deepEqual(acked('yes'), { ok: false, code: 'unavailable' });
});

test('names the field that would be refused, before sending', () => {
  assert.equal(faultOf('location', { epoch: 1, place: 'Shuafat', phone: 'call me' }), 'phone');
  assert.equal(faultOf('location', { epoch: 1, place: 'شعفاط', phone: '+970 2 555 0143' }), undefined);
  assert.equal(faultOf('description', { epoch: 1, description: { type: 'offer', sdp: 'ي'.repeat(30_000) } }), '');
});
