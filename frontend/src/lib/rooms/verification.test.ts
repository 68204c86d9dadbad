import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitment, hex } from './sas.ts';
import { type Verdict, Verification } from './verification.ts';

interface End {
  readonly verification: Verification;
  readonly sent: { commit?: string; reveal?: string }[];
  readonly verdicts: Verdict[];
}

function end(): End {
  const sent: End['sent'] = [];
  const verdicts: Verdict[] = [];
  const verification = new Verification({
    commit: (commit) => sent.push({ commit }),
    reveal: (reveal) => sent.push({ reveal }),
    settled: (verdict) => verdicts.push(verdict),
  });
  return { verification, sent, verdicts };
}

const [A, B] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

test('shows both ends the same six digits, and reveals nothing before both have committed', async () => {
  const [one, two] = [end(), end()];
  await one.verification.begin(A);
  assert.deepEqual(one.sent.map((each) => Object.keys(each)[0]), ['commit']);
  await two.verification.begin(B);
  await one.verification.committed(two.sent[0]?.commit ?? '');
  await two.verification.committed(one.sent[0]?.commit ?? '');
  await one.verification.revealed(two.sent[1]?.reveal ?? '');
  assert.equal(one.verdicts.length, 0, 'not before DTLS has proved the certificate');
  await one.verification.proved(B);
  await two.verification.proved(A);
  await two.verification.revealed(one.sent[1]?.reveal ?? '');
  assert.equal(one.verdicts[0]?.state, 'shown');
  assert.deepEqual(one.verdicts, two.verdicts);
  one.verification.again();
  assert.deepEqual(one.sent.slice(2), one.sent.slice(0, 2));
});

test('raises the alarm when the certificate in use is not the one committed to', async () => {
  const one = end();
  const nonce = new Uint8Array(32).fill(7);
  await one.verification.begin(A);
  await one.verification.committed(await commitment({ fingerprint: B, nonce }));
  await one.verification.revealed(hex(nonce));
  await one.verification.proved(new Uint8Array(32).fill(3));
  assert.deepEqual(one.verdicts, [{ state: 'intercepted' }]);
});

test('raises the alarm when a commitment changes, and keeps it', async () => {
  const one = end();
  await one.verification.begin(A);
  await one.verification.committed('aa');
  await one.verification.committed('aa');
  assert.equal(one.verdicts.length, 0);
  await one.verification.committed('bb');
  const nonce = new Uint8Array(32).fill(7);
  await one.verification.committed(await commitment({ fingerprint: B, nonce }));
  assert.deepEqual(one.verdicts, [{ state: 'intercepted' }]);
});

test('raises the alarm when both ends claim one certificate', async () => {
  const one = end();
  const nonce = new Uint8Array(32).fill(9);
  await one.verification.begin(A);
  await one.verification.committed(await commitment({ fingerprint: A, nonce }));
  await one.verification.revealed(hex(nonce));
  await one.verification.proved(A);
  assert.deepEqual(one.verdicts, [{ state: 'intercepted' }]);
});
