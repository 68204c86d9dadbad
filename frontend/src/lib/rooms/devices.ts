/** Microphone and camera: asked for together, then each alone, so that one missing thing never costs the other. */
import type { Kind } from './tracks.ts';

/** `denied`: by the person or the browser; `missing`: there is none; `busy`: another program holds it. */
export type DeviceState = 'asking' | 'ok' | 'off' | 'denied' | 'missing' | 'busy';

const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 24, max: 30 },
  facingMode: 'user',
};

export function stateOfError(error: unknown): DeviceState {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'missing';
}

export interface Opened {
  readonly track: MediaStreamTrack | null;
  readonly state: DeviceState;
}

const constraintsOf = (kind: Kind, deviceId?: string): MediaTrackConstraints => {
  const base = kind === 'audio' ? AUDIO : VIDEO;
  return deviceId ? { ...base, facingMode: undefined, deviceId: { exact: deviceId } } : base;
};

/** Open one device; never rejects. */
export async function openDevice(kind: Kind, deviceId?: string): Promise<Opened> {
  if (!navigator.mediaDevices) return { track: null, state: 'missing' };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: constraintsOf(kind, deviceId) });
    return { track: stream.getTracks()[0] ?? null, state: 'ok' };
  } catch (error) {
    return { track: null, state: stateOfError(error) };
  }
}

/** Open both with one question to the person; where that fails, each alone tells what is wrong. */
export async function openBoth(): Promise<Readonly<Record<Kind, Opened>>> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: AUDIO, video: VIDEO });
    const [audio, video] = [stream.getAudioTracks()[0] ?? null, stream.getVideoTracks()[0] ?? null];
    return { audio: { track: audio, state: 'ok' }, video: { track: video, state: 'ok' } };
  } catch {
    return { audio: await openDevice('audio'), video: await openDevice('video') };
  }
}

export async function listDevices(): Promise<Readonly<Record<Kind, readonly MediaDeviceInfo[]>>> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const named = all.filter((device) => device.deviceId && device.label);
  return { audio: named.filter((device) => device.kind === 'audioinput'), video: named.filter((device) => device.kind === 'videoinput') };
}
