import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, commitment, digits, fingerprint, fingerprintOf, hex, keeps, type Side } from './sas.ts';
import { vectors } from './testing/vectors.ts';

interface GivenSide {
  readonly fingerprint: string;
  readonly nonce: string;
  readonly commit: string;
}
interface Given {
  readonly valid: readonly { name: string; sides: readonly [GivenSide, GivenSide]; digits: string }[];
  readonly refused: readonly { name: string; sides: readonly [GivenSide, GivenSide] }[];
  readonly fingerprints: {
    readonly accepted: readonly { name: string; fingerprint: string; hex: string }[];
    readonly refused: readonly { name: string; fingerprint: string }[];
  };
}

const given = vectors<Given>('sas');

function sideOf(side: GivenSide): Side {
  return { fingerprint: fingerprint(side.fingerprint) ?? assert.fail(), nonce: bytes(side.nonce) };
}

for (const { name, sides, digits: expected } of given.valid) {
  test(`shows the same six digits: ${name}`, async () => {
    for (const side of sides) {
      assert.equal(await commitment(sideOf(side)), side.commit);
      assert.equal(await keeps(side.commit, sideOf(side)), true);
    }
    assert.equal(await digits(sideOf(sides[0]), sideOf(sides[1])), expected);
    assert.equal(await digits(sideOf(sides[1]), sideOf(sides[0])), expected);
  });
}

for (const { name, sides } of given.refused) {
  test(`shows no digits: ${name}`, async () => {
    const kept = await Promise.all(sides.map((side) => keeps(side.commit, sideOf(side))));
    const shown = await digits(sideOf(sides[0]), sideOf(sides[1]));
    assert.ok(shown === undefined || kept.includes(false));
  });
}

test('reads the fingerprints of the vectors and no others', () => {
  for (const { name, fingerprint: text, hex: expected } of given.fingerprints.accepted) {
    assert.equal(hex(fingerprint(text) ?? new Uint8Array()), expected, name);
  }
  for (const { name, fingerprint: text } of given.fingerprints.refused) assert.equal(fingerprint(text), undefined, name);
});

test('takes the fingerprint of a description that speaks for one certificate', () => {
  const [side] = given.valid[0]?.sides ?? assert.fail();
  const line = `a=fingerprint:${side.fingerprint}\r\n`;
  assert.equal(hex(fingerprintOf(`v=0\r\n${line}m=audio\r\n${line}`) ?? new Uint8Array()), hex(sideOf(side).fingerprint));
  const other = line.replace(/[0-9A-F]{2}\r\n$/, '00\r\n');
  assert.equal(fingerprintOf(`v=0\r\n${line}m=audio\r\n${other}`), undefined);
  assert.equal(fingerprintOf('v=0\r\n'), undefined);
});
