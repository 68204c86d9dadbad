/** This person's microphone and camera as the page shows them: what works, what is on, and what may be sent. */
import { type DeviceState, listDevices, openBoth, openDevice, type Opened } from './devices.ts';
import type { Kind, Outgoing } from './tracks.ts';
import type { MediaState } from './wire.ts';

export class LocalMedia {
  mic = $state<DeviceState>('asking');
  camera = $state<DeviceState>('asking');
  muted = $state(false);
  soundOnly = $state(false);
  audio = $state.raw<MediaStreamTrack | null>(null);
  video = $state.raw<MediaStreamTrack | null>(null);
  /** Other devices to choose from; empty where there is nothing to choose. */
  choices = $state.raw<Readonly<Record<Kind, readonly MediaDeviceInfo[]>>>({ audio: [], video: [] });
  readonly #changed: () => void;
  #closed = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get outgoing(): Outgoing {
    return { audio: this.audio, video: this.soundOnly ? null : this.video };
  }

  get state(): MediaState {
    const camera = this.video !== null && !this.soundOnly;
    return { mic: this.audio !== null && !this.muted, camera, sound_only: this.soundOnly };
  }

  async open(): Promise<void> {
    this.mic = 'asking';
    this.camera = this.soundOnly ? 'off' : 'asking';
    if (this.soundOnly) this.#put('audio', await openDevice('audio'));
    else {
      const both = await openBoth();
      this.#put('audio', both.audio);
      this.#put('video', both.video);
    }
    this.choices = await listDevices();
  }

  async choose(kind: Kind, deviceId: string): Promise<void> {
    this.#stop(kind);
    this.#put(kind, await openDevice(kind, deviceId));
  }

  mute(muted: boolean): void {
    this.muted = muted;
    if (this.audio) this.audio.enabled = !muted;
    this.#changed();
  }

  /** Off means off: the device is let go, and its light goes out. */
  async showCamera(on: boolean): Promise<void> {
    if (on) this.soundOnly = false;
    this.#stop('video');
    if (on) {
      this.camera = 'asking';
      this.#put('video', await openDevice('video'));
    } else this.camera = 'off';
    this.#changed();
  }

  async chooseSoundOnly(on: boolean): Promise<void> {
    this.soundOnly = on;
    await this.showCamera(!on);
  }

  close(): void {
    this.#closed = true;
    this.#stop('audio');
    this.#stop('video');
  }

  #put(kind: Kind, { track, state }: Opened): void {
    if (this.#closed) {
      track?.stop();
      return;
    }
    if (kind === 'audio') this.mic = state;
    else this.camera = state;
    this[kind] = track;
    if (track) track.onended = () => this.#put(kind, { track: null, state: 'missing' });
    if (track && kind === 'audio') track.enabled = !this.muted;
    this.#changed();
  }

  #stop(kind: Kind): void {
    const track = this[kind];
    if (!track) return;
    track.onended = null;
    track.stop();
    this[kind] = null;
  }
}
