import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Peer } from './peer.ts';
import { FakeConnection } from './testing/connection.ts';
import type { Ack } from './wire.ts';

class FakePath extends FakeConnection {
  connectionState = 'new';
  iceConnectionState = 'new';
  closed = false;
  opened: unknown[] = [];
  readonly lines = ['audio', 'video'].map((kind) => {
    const sender = {
      track: { kind } as unknown,
      replaceTrack: async (track: unknown): Promise<void> => void (sender.track = track),
      getParameters: () => ({ encodings: [] }),
    };
    return { direction: 'sendrecv', receiver: { track: { kind } }, sender };
  });

  addTransceiver(what: unknown): void {
    this.opened.push(what);
  }

  getTransceivers(): unknown[] {
    return this.lines;
  }

  close(): void {
    this.closed = true;
  }

  ice(state: string): void {
    this.iceConnectionState = state;
    this.emit('iceconnectionstatechange');
  }
}

function made(polite: boolean): { pc: FakePath; peer: Peer; sent: string[] } {
  const pc = new FakePath('end');
  const sent: string[] = [];
  const remote = { addTrack: () => undefined, getTracks: () => [], removeTrack: () => undefined };
  const send = async (event: string): Promise<Ack> => {
    sent.push(event);
    return { ok: true, code: 'ok' };
  };
  const parts = { pc: pc as unknown as RTCPeerConnection, epoch: 3, polite, send, outgoing: { audio: null, video: null } };
  return { pc, sent, peer: new Peer({ ...parts, remote: remote as unknown as MediaStream, changed: () => undefined }) };
}

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

test('opens the lines at one end only, with or without something to send', () => {
  assert.deepEqual(made(false).pc.opened, ['audio', 'video']);
  assert.deepEqual(made(true).pc.opened, []);
});

test('asks the other end to mend the path after three seconds, and again until it is whole', () => {
  const { pc, sent } = made(false);
  pc.ice('disconnected');
  mock.timers.tick(2_900);
  assert.deepEqual(sent, []);
  mock.timers.tick(200);
  assert.deepEqual(sent, ['restart']);
  mock.timers.tick(8_000);
  assert.deepEqual(sent, ['restart', 'restart']);
  pc.ice('connected');
  mock.timers.tick(60_000);
  assert.equal(sent.length, 2);
});

test('lets a hiccup pass, and acts at once on a failure', () => {
  const { pc, sent } = made(false);
  pc.ice('disconnected');
  mock.timers.tick(1_000);
  pc.ice('connected');
  mock.timers.tick(10_000);
  assert.deepEqual(sent, []);
  pc.ice('failed');
  mock.timers.tick(1);
  assert.deepEqual(sent, ['restart']);
});

test('mends the path when it is asked to, and says so itself only where it is broken', async () => {
  const { pc, peer, sent } = made(true);
  await peer.receive('restart', { epoch: 3 });
  assert.equal(pc.restarts, 1);
  await mock.timers.tick(0);
  const offers = sent.length;
  peer.resume();
  assert.ok(!sent.slice(offers).includes('restart'));
  pc.iceConnectionState = 'failed';
  peer.resume();
  assert.ok(sent.includes('restart'));
});

test('sends nothing more when somebody may sit in between', async () => {
  const { pc, peer } = made(true);
  await peer.receive('commit', { epoch: 3, commit: 'aa' });
  await peer.receive('commit', { epoch: 3, commit: 'bb' });
  assert.equal(peer.verdict.state, 'intercepted');
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  assert.deepEqual(pc.lines.map((line) => line.sender.track), [null, null]);
  await peer.send({ audio: { kind: 'audio' } as MediaStreamTrack, video: null });
  assert.deepEqual(pc.lines.map((line) => line.sender.track), [null, null]);
});

test('ends its timers and the connection', () => {
  const { pc, peer, sent } = made(false);
  pc.ice('disconnected');
  peer.close();
  mock.timers.tick(60_000);
  assert.deepEqual([pc.closed, sent], [true, []]);
});
