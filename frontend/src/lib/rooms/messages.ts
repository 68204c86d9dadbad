/** The shape of every message of docs/signalling.md, from both ends; the same table as clinic/video/rules/messages.py. */
import { type Check, flag, instant, integer, listOf, nullable, oneOf, record, ShapeError, text, uuid } from './shapes.ts';
import type { Ack, FromClient, FromServer } from './wire.ts';

const MESSAGE_BYTES = 48 * 1024;
const NO_CONTROLS = /^[^\x00-\x1f\x7f]*$/;

const EPOCH = { epoch: integer(1, 2 ** 31 - 1) };
const FROM = { from: uuid };
const HEX32 = text(64, 64, /^[0-9a-f]{64}$/);
const MEDIA = { mic: flag, camera: flag, sound_only: flag };
const PLACE = { place: text(200, 0, NO_CONTROLS), phone: text(32, 0, /^[0-9+()./ -]*$/) };

const SDP = record({ type: oneOf('offer', 'answer'), sdp: text(32_768, 1) });
const CANDIDATE = record(
  { candidate: text(1024) },
  { sdpMid: nullable(text(64)), sdpMLineIndex: nullable(integer(0, 65_535)), usernameFragment: nullable(text(256)) },
);

const RELAYED = {
  description: { ...EPOCH, description: SDP },
  candidate: { ...EPOCH, candidate: nullable(CANDIDATE) },
  restart: EPOCH,
  commit: { ...EPOCH, commit: HEX32 },
  reveal: { ...EPOCH, nonce: HEX32 },
  'media-state': { ...EPOCH, ...MEDIA },
};

export const FROM_CLIENT: Readonly<Record<keyof FromClient, Check>> = {
  watch: record({}),
  arrive: record({ appointment: uuid }),
  join: record({ ticket: text(43, 43, /^[A-Za-z0-9_-]{43}$/), instance: uuid }),
  admit: record({ ...EPOCH, seat: uuid }),
  description: record(RELAYED.description),
  candidate: record(RELAYED.candidate),
  restart: record(RELAYED.restart),
  commit: record(RELAYED.commit),
  reveal: record(RELAYED.reveal),
  'media-state': record(RELAYED['media-state'], {}, (said) => (said['sound_only'] && said['camera'] ? 'sound_only' : undefined)),
  location: record({ ...EPOCH, ...PLACE }),
  leave: record(EPOCH),
  end: record(EPOCH),
};

const ROLE = oneOf('patient', 'practitioner');
const STATE = oneOf('waiting', 'admitted');
const PEER = { seat: uuid, role: ROLE, name: text(200), state: STATE, here: flag, media: nullable(record(MEDIA)) };
const PEERS = { ...EPOCH, peers: listOf(record(PEER), 12) };
const VISIT = {
  ...{ id: uuid, starts_at: instant, ends_at: instant, local: text(16, 16) },
  ...{ tz: text(64, 1), offset: text(6, 6), modality: text(16, 1) },
};
const ARRIVAL = {
  ...{ appointment: uuid, seat: nullable(uuid), patient_name: text(200), starts_at: instant, since: instant },
  state: oneOf('arrived', 'waiting', 'admitted', 'away'),
};

export const FROM_SERVER: Readonly<Record<keyof FromServer, Check>> = {
  welcome: record({
    ...{ ...PEERS, room: uuid, seat: uuid, role: ROLE, polite: flag, state: STATE },
    ...{ appointment: record(VISIT), closes_at: instant },
  }),
  admitted: record(PEERS),
  presence: record(PEERS),
  arrivals: record({ items: listOf(record(ARRIVAL), 200) }),
  description: record({ ...RELAYED.description, ...FROM }),
  candidate: record({ ...RELAYED.candidate, ...FROM }),
  restart: record({ ...RELAYED.restart, ...FROM }),
  commit: record({ ...RELAYED.commit, ...FROM }),
  reveal: record({ ...RELAYED.reveal, ...FROM }),
  'media-state': record({ ...RELAYED['media-state'], ...FROM }),
  location: record({ ...EPOCH, ...PLACE, ...FROM, given_at: instant }),
  replaced: record({}),
  ended: record({ appointment: uuid, reason: oneOf('ended', 'cancelled', 'moved') }),
};

const REFUSALS = [
  ...['invalid_message', 'unknown_event', 'rate_limited', 'signed_out', 'not_joined', 'room_closed', 'room_not_open', 'unavailable'],
  ...['not_permitted', 'not_found', 'ticket_invalid', 'no_seat', 'not_admitted', 'no_peer', 'stale_epoch'],
  'session_idle',
];
const ONLY_WITH = { field: 'invalid_message', retry_after_ms: 'rate_limited' };

function ackFault(ack: Readonly<Record<string, unknown>>): string | undefined {
  if (ack['ok'] !== (ack['code'] === 'ok')) return 'code';
  return Object.entries(ONLY_WITH).find(([field, code]) => field in ack && ack['code'] !== code)?.[0];
}

export const ACK: Check = record(
  { ok: flag, code: oneOf('ok', ...REFUSALS) },
  { field: text(128), retry_after_ms: integer(0, 3_600_000) },
  ackFault,
);

/** The field of `message` that the server would refuse, if any. */
export function faultOf<E extends keyof FromClient>(event: E, message: FromClient[E]): string | undefined {
  try {
    FROM_CLIENT[event](message, '');
  } catch (error) {
    if (error instanceof ShapeError) return error.field;
    throw error;
  }
  return new TextEncoder().encode(JSON.stringify(message)).length > MESSAGE_BYTES ? '' : undefined;
}

function fits(check: Check, value: unknown): boolean {
  try {
    check(value, '');
    return true;
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
}

/** What the server sent, or undefined for what is no such message: it is dropped. */
export function received<E extends keyof FromServer>(event: E, raw: unknown): FromServer[E] | undefined {
  return fits(FROM_SERVER[event], raw) ? (raw as FromServer[E]) : undefined;
}

/** The server's answer; `unavailable` where it is none. */
export const acked = (raw: unknown): Ack => (fits(ACK, raw) ? (raw as Ack) : { ok: false, code: 'unavailable' });
