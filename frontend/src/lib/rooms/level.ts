/** How loud the microphone is, as a number of bars that everyone can see: no animation, only how many are lit. */

export const BARS = 7;
/** From a whisper to a loud voice, in dB below full scale. */
const QUIET_DB = -52;
const LOUD_DB = -14;
const EVERY_MS = 100;
/** Bars rise at once and sink one by one, so that short words are seen and nothing flickers. */
const SINK = 0.5;

export function barsOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(samples.length, 1);
  const db = 10 * Math.log10(power + 1e-12);
  const share = (db - QUIET_DB) / (LOUD_DB - QUIET_DB);
  return Math.max(0, Math.min(BARS, Math.ceil(share * BARS)));
}

/** Report the bars ten times a second; returns the way to stop. */
export function watchLevel(track: MediaStreamTrack, take: (bars: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let level = 0;
  const timer = setInterval(() => {
    if (context.state === 'suspended') void context.resume();
    analyser.getFloatTimeDomainData(samples);
    level = track.enabled ? Math.max(barsOf(samples), level - SINK) : 0;
    take(Math.ceil(level));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
