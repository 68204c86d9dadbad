import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { APPOINTMENT, OTHER, other, type Scene, scene, welcome } from './testing/line.ts';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** A patient who has pressed Join, been let in and met the therapist. */
async function inTheRoom(): Promise<Scene> {
  const made = scene();
  made.line.up(true);
  made.session.join();
  await settle();
  made.line.push('welcome', welcome(3, 'waiting', [other()]));
  made.line.push('admitted', { epoch: 4, peers: [other()] });
  return made;
}

test('says that it has arrived, and asks for a ticket only when joining', async () => {
  const { line, session, tickets } = scene();
  line.up(true);
  await settle();
  assert.deepEqual(line.said('arrive'), [{ appointment: APPOINTMENT }]);
  assert.equal(tickets.length, 0);
  session.join();
  await settle();
  assert.equal(tickets.length, 1);
  assert.equal(line.said('join').length, 1);
});

test('waits until admitted, then meets the other end once', async () => {
  const { line, session, peers } = await inTheRoom();
  assert.equal(session.phase, 'admitted');
  assert.deepEqual(peers.map((peer) => [peer.wish.epoch, peer.wish.polite]), [[4, false]]);
  line.push('presence', { epoch: 4, peers: [other()] });
  assert.equal(peers.length, 1);
});

test('tells place and devices with the seat, and again with the next', async () => {
  const { line, session } = scene();
  session.place({ place: 'Shuafat', phone: '' });
  session.media({ mic: true, camera: false, sound_only: true });
  line.up(true);
  session.join();
  await settle();
  line.push('welcome', welcome(3, 'admitted', []));
  line.up(false);
  line.up(true);
  await settle();
  line.push('welcome', welcome(3, 'admitted', []));
  assert.deepEqual(line.said('location'), Array(2).fill({ epoch: 3, place: 'Shuafat', phone: '' }));
  assert.deepEqual(line.said('media-state'), Array(2).fill({ epoch: 3, mic: true, camera: false, sound_only: true }));
});

test('takes the seat again with a new ticket after a drop, and keeps the connection', async () => {
  const { line, session, peers, tickets } = await inTheRoom();
  line.up(false);
  assert.equal(session.online, false);
  line.up(true);
  await settle();
  line.push('welcome', welcome(4, 'admitted', [other()]));
  assert.equal(tickets.length, 2);
  assert.deepEqual(line.said('join')[0], line.said('join')[1]);
  assert.deepEqual(peers.map((peer) => [peer.closed, peer.resumed]), [[false, 1]]);
});

test('makes a new connection when the other page was reloaded', async () => {
  const { line, peers } = await inTheRoom();
  line.push('presence', { epoch: 4, peers: [other('admitted', false)] });
  assert.equal(peers[0]?.closed, false, 'the seat is kept while the line is down');
  line.push('presence', { epoch: 5, peers: [other()] });
  assert.deepEqual(peers.map((peer) => [peer.wish.epoch, peer.closed]), [[4, true], [5, false]]);
});

test('repeats what may be lost when the other line comes back within the epoch', async () => {
  const { line, peers } = await inTheRoom();
  line.push('presence', { epoch: 4, peers: [other('admitted', false)] });
  line.push('presence', { epoch: 4, peers: [other()] });
  assert.deepEqual(peers.map((peer) => [peer.closed, peer.resumed]), [[false, 1]]);
});

test('drops what belongs to an older epoch and keeps what overtook its presence', async () => {
  const { line, peers } = await inTheRoom();
  const description = { type: 'offer' as const, sdp: 'v=0' };
  line.push('description', { epoch: 3, description, from: OTHER });
  line.push('description', { epoch: 5, description, from: OTHER });
  line.push('presence', { epoch: 5, peers: [other()] });
  assert.deepEqual(peers[0]?.received, []);
  assert.deepEqual(peers[1]?.received, [['description', { epoch: 5, description, from: OTHER }]]);
});

test('closes the connection when the other leaves, and keeps its own seat', async () => {
  const { line, session, peers } = await inTheRoom();
  line.push('presence', { epoch: 5, peers: [] });
  assert.equal(peers[0]?.closed, true);
  assert.equal(session.phase, 'admitted');
});

test('stays away when another page took the seat', async () => {
  const { line, session, tickets } = await inTheRoom();
  line.push('replaced', {});
  assert.deepEqual([session.phase, line.closed, tickets.length], ['replaced', true, 1]);
});

test('is over when this visit ends, whatever happens to others', async () => {
  const { line, session } = await inTheRoom();
  line.push('ended', { appointment: OTHER, reason: 'cancelled' });
  assert.equal(session.phase, 'admitted');
  line.push('ended', { appointment: APPOINTMENT, reason: 'ended' });
  assert.deepEqual([session.phase, session.ending], ['over', 'ended']);
});

test('hangs up, and ends for all where that was asked', async () => {
  const patient = await inTheRoom();
  await patient.session.leave(false);
  assert.deepEqual([patient.line.said('leave').length, patient.line.said('end').length, patient.session.phase], [1, 0, 'left']);
  const therapist = await inTheRoom();
  await therapist.session.leave(true);
  assert.deepEqual([therapist.line.said('end').length, therapist.line.closed], [1, true]);
});

test('tries again while there is no network, and stops where the page must speak', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const made = scene();
  made.ticket = () => Promise.reject(new Error('no network'));
  made.line.up(true);
  made.session.join();
  await settle();
  mock.timers.tick(3_000);
  await settle();
  assert.equal(made.tickets.length, 2);
  made.retries = false;
  mock.timers.tick(3_000);
  await settle();
  mock.timers.tick(60_000);
  await settle();
  assert.equal(made.tickets.length, 3);
  mock.timers.reset();
});

test('asks for a fresh ticket when one was refused', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { line, session, tickets } = scene();
  line.answers['join'] = { ok: false, code: 'ticket_invalid' };
  line.up(true);
  session.join();
  await settle();
  assert.deepEqual([session.code, session.online], ['ticket_invalid', false]);
  delete line.answers['join'];
  mock.timers.tick(3_000);
  await settle();
  assert.deepEqual([session.code, tickets.length], [undefined, 2]);
  mock.timers.reset();
});

test('begins anew with another instance where the path cannot be mended', async () => {
  const { line, session, peers } = await inTheRoom();
  session.renew();
  await settle();
  const [first, second] = line.said('join') as { instance: string }[];
  assert.notEqual(first?.instance, second?.instance);
  line.push('welcome', welcome(5, 'admitted', [other()]));
  assert.deepEqual(peers.map((peer) => [peer.wish.epoch, peer.closed]), [[4, true], [5, false]]);
});
