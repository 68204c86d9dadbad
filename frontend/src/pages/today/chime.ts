/**
 * The arrival chime: two soft sine notes made by the browser, once on arrival and once more a minute later.
 * Whether it sounds is kept on this device; it says nothing about anyone.
 */
const KEY = 'arrival-chime';
const NOTES_HZ = [440, 659];
const NOTE_S = 0.18;
const ATTACK_S = 0.04;
/** -18 dBFS */
const LOUDNESS = 10 ** (-18 / 20);
const AGAIN_MS = 60_000;

export const isOn = (): boolean => localStorage.getItem(KEY) !== 'off';

export function turn(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off');
  if (on) void play();
}

let context: AudioContext | undefined;

function note(audio: AudioContext, hertz: number, from: number): void {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(LOUDNESS, from + ATTACK_S);
  volume.gain.linearRampToValueAtTime(0, from + NOTE_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(from);
  tone.stop(from + NOTE_S);
}

/** Play once; a browser that has not been touched yet stays silent, and the card says it all the same. */
export async function play(): Promise<void> {
  context ??= new AudioContext();
  if (context.state === 'suspended') await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 200))]);
  if (context.state !== 'running') return;
  for (const [index, hertz] of NOTES_HZ.entries()) note(context, hertz, context.currentTime + index * NOTE_S);
}

/** Rings for those who have come since the last look. */
export class Bell {
  #known = new Set<string>();
  #again: ReturnType<typeof setTimeout> | undefined;

  /** `waiting`: the visits whose person waits now. */
  ring(waiting: readonly string[]): void {
    const fresh = waiting.some((id) => !this.#known.has(id));
    this.#known = new Set(waiting);
    if (waiting.length === 0) clearTimeout(this.#again);
    if (!fresh) return;
    clearTimeout(this.#again);
    if (isOn()) void play();
    this.#again = setTimeout(() => {
      if (isOn()) void play();
    }, AGAIN_MS);
  }

  stop(): void {
    clearTimeout(this.#again);
  }
}
