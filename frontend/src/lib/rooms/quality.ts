/**
 * How good the line is, and when the picture makes way for speech. Pure: samples in, decisions out.
 * The picture goes after four bad seconds and comes back by itself; each return that fails doubles the wait.
 */
import type { Sample } from './stats.ts';

export type Grade = 'good' | 'fair' | 'poor';

interface Bounds {
  readonly loss: number;
  readonly roundTripMs: number;
  readonly roomBps: number;
}

// Loss is what Opus conceals unheard, and just understandably; round trips are twice the 150 and 400 ms of
// ITU-T G.114; below the last figure a picture would take the room that speech needs.
const GOOD: Bounds = { loss: 0.03, roundTripMs: 300, roomBps: 200_000 };
const FAIR: Bounds = { loss: 0.1, roundTripMs: 800, roomBps: 90_000 };

const BAD_FOR_MS = 4_000;
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 60_000;
const PROVED_AFTER_MS = 30_000;
/** Without a packet for so long, the line counts as broken, and people get a telephone number. */
export const LOST_AFTER_MS = 4_000;
export const TELEPHONE_AFTER_MS = 20_000;
/** Longer than for all media together, so that a broken line is not taken for a missing picture. */
const FROZEN_AFTER_MS = 5_000;

function within(sample: Sample, bounds: Bounds, pictureSent: boolean): boolean {
  const room = pictureSent ? (sample.roomBps ?? Infinity) : Infinity;
  return (sample.loss ?? 0) <= bounds.loss && (sample.roundTripMs ?? 0) <= bounds.roundTripMs && room >= bounds.roomBps;
}

/** The estimate of room counts only while a picture is sent: without one the browser has no reason to look for more. */
export function gradeOf(sample: Sample, pictureSent: boolean): Grade {
  if (within(sample, GOOD, pictureSent)) return 'good';
  return within(sample, FAIR, pictureSent) ? 'fair' : 'poor';
}

export interface Picture {
  readonly paused: boolean;
  /** Since when the line has been poor without a break; null while it is not. */
  readonly poorSince: number | null;
  readonly changedAt: number;
  readonly waitMs: number;
}

export const SHOWN: Picture = { paused: false, poorSince: null, changedAt: -Infinity, waitMs: FIRST_WAIT_MS };

function shown(state: Picture, poorSince: number | null, at: number): Picture {
  if (poorSince !== null && at - poorSince >= BAD_FOR_MS) {
    const failed = at - state.changedAt < PROVED_AFTER_MS;
    const waitMs = failed ? Math.min(state.waitMs * 2, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
    return { paused: true, poorSince, changedAt: at, waitMs };
  }
  return { ...state, poorSince };
}

/** What follows from one more second of `grade`. */
export function step(state: Picture, grade: Grade, at: number): Picture {
  const poorSince = grade === 'poor' ? (state.poorSince ?? at) : null;
  if (!state.paused) return shown(state, poorSince, at);
  const returns = poorSince === null && at - state.changedAt >= state.waitMs;
  return returns ? { ...state, paused: false, poorSince, changedAt: at } : { ...state, poorSince };
}

/** When something last arrived from the other end. */
export interface Flow {
  readonly packets: number;
  readonly packetsAt: number;
  readonly frames: number;
  readonly framesAt: number;
}

export const flowFrom = (at: number): Flow => ({ packets: 0, packetsAt: at, frames: 0, framesAt: at });

/** Totals start again with each connection; any change is a sign of life. Where none is due, no picture is missed. */
export function flowing(flow: Flow, sample: Sample, pictureDue: boolean): Flow {
  const packet = sample.packets !== flow.packets && sample.packets > 0;
  const frame = sample.frames !== flow.frames && sample.frames > 0;
  return {
    packets: sample.packets,
    packetsAt: packet ? sample.at : flow.packetsAt,
    frames: sample.frames,
    framesAt: frame || !pictureDue ? sample.at : flow.framesAt,
  };
}

export const lost = (flow: Flow, at: number): boolean => at - flow.packetsAt >= LOST_AFTER_MS;
export const needsTelephone = (flow: Flow, at: number): boolean => at - flow.packetsAt >= TELEPHONE_AFTER_MS;
/** Speech arrives, the picture does not. */
export const frozen = (flow: Flow, at: number): boolean => at - flow.framesAt >= FROZEN_AFTER_MS && !lost(flow, at);
