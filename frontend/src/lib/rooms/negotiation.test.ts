import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Negotiation, type NegotiatedConnection } from './negotiation.ts';
import { FakeConnection } from './testing/connection.ts';
import type { Description } from './wire.ts';

interface End {
  readonly pc: FakeConnection;
  readonly negotiation: Negotiation;
  readonly said: Description[];
}

function end(name: string, polite: boolean, hear: (description: Description) => void = () => undefined): End {
  const pc = new FakeConnection(name);
  const said: Description[] = [];
  const describe = (description: Description): void => {
    said.push(description);
    hear(description);
  };
  const parts = { pc: pc as unknown as NegotiatedConnection, polite, describe, candidate: () => undefined, beforeAnswer: async () => undefined };
  return { pc, negotiation: new Negotiation(parts), said };
}

/** Two ends whose messages take a moment, so that offers may cross. */
function pair(): { therapist: End; patient: End } {
  const later = (act: () => void): void => void pause(1).then(act);
  const therapist: End = end('therapist', true, (said) => later(() => void patient.negotiation.description(said)));
  const patient: End = end('patient', false, (said) => later(() => void therapist.negotiation.description(said)));
  return { therapist, patient };
}

/** Wait until both ends have settled. */
async function settled({ therapist, patient }: { therapist: End; patient: End }): Promise<void> {
  const done = ({ pc }: End): boolean => pc.signalingState === 'stable' && pc.remoteDescription !== null;
  for (let tries = 0; tries < 400 && !(done(therapist) && done(patient)); tries += 1) await pause(5);
}

test('agrees when one end offers', async () => {
  const { therapist, patient } = pair();
  patient.pc.emit('negotiationneeded');
  await settled({ therapist, patient });
  assert.deepEqual([therapist.pc.signalingState, patient.pc.signalingState], ['stable', 'stable']);
  assert.equal(patient.pc.remoteDescription?.type, 'answer');
});

test('lets the therapist take back an offer that collides', async () => {
  const { therapist, patient } = pair();
  therapist.pc.emit('negotiationneeded');
  patient.pc.emit('negotiationneeded');
  await settled({ therapist, patient });
  assert.deepEqual([therapist.pc.rollbacks, patient.pc.rollbacks], [1, 0]);
  assert.equal(therapist.pc.remoteDescription?.sdp, 'patient offer 1');
  assert.deepEqual([therapist.pc.signalingState, patient.pc.signalingState], ['stable', 'stable']);
});

test('keeps candidates that come before the description, and drops those of an ignored offer', async () => {
  const { pc, negotiation } = end('patient', false);
  await negotiation.candidate({ candidate: 'early' });
  assert.deepEqual(pc.candidates, []);
  await negotiation.description({ type: 'offer', sdp: 'x' });
  await negotiation.candidate(null);
  assert.deepEqual(pc.candidates, [{ candidate: 'early' }, undefined]);
  pc.emit('negotiationneeded');
  await pause(5);
  await negotiation.description({ type: 'offer', sdp: 'collides' });
  await negotiation.candidate({ candidate: 'of the ignored offer' });
  assert.equal(pc.candidates.length, 2);
});

test('repeats an unanswered offer and nothing else, and ignores an answer that comes twice', async () => {
  const { pc, negotiation, said } = end('patient', false);
  negotiation.again();
  assert.equal(said.length, 0);
  pc.emit('negotiationneeded');
  await pause(5);
  negotiation.again();
  assert.deepEqual(said, [{ type: 'offer', sdp: 'patient offer 1' }, { type: 'offer', sdp: 'patient offer 1' }]);
  await negotiation.description({ type: 'answer', sdp: 'yes' });
  await negotiation.description({ type: 'answer', sdp: 'yes again' });
  negotiation.again();
  assert.equal(pc.remoteDescription?.sdp, 'yes');
  assert.equal(said.length, 2);
});

test('goes on after a description that the browser refuses', async () => {
  const { pc, negotiation } = end('therapist', true);
  const refuse = pc.setRemoteDescription.bind(pc);
  pc.setRemoteDescription = () => Promise.reject(new Error('hostile'));
  await negotiation.description({ type: 'offer', sdp: 'nonsense' });
  pc.setRemoteDescription = refuse;
  await negotiation.description({ type: 'offer', sdp: 'sense' });
  assert.equal(pc.localDescription?.type, 'answer');
});
