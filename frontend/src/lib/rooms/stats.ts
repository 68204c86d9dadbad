/** What a connection's statistics (W3C webrtc-stats) say about the last second, in the few numbers that we act on. */

export interface Sample {
  /** Milliseconds on a clock that only runs forward. */
  readonly at: number;
  /** Totals since the connection began. */
  readonly packets: number;
  readonly frames: number;
  /** Share of our speech that the other end missed, 0 to 1; null where it has not said. */
  readonly loss: number | null;
  readonly roundTripMs: number | null;
  /** What the browser thinks that we may send, in bits a second. */
  readonly roomBps: number | null;
}

type Entry = Readonly<Record<string, unknown>>;
const number = (entry: Entry | undefined, name: string): number | null => (typeof entry?.[name] === 'number' ? entry[name] : null);

function find(entries: readonly Entry[], type: string, fits: (entry: Entry) => boolean): Entry | undefined {
  return entries.find((entry) => entry['type'] === type && fits(entry));
}

/** The path in use; after a restart of ICE several are nominated, and only the transport knows which one it took. */
function chosenPair(entries: readonly Entry[]): Entry | undefined {
  const chosen = entries.find((entry) => entry['type'] === 'transport' && entry['selectedCandidatePairId'] !== undefined)?.['selectedCandidatePairId'];
  return find(entries, 'candidate-pair', (entry) => (chosen === undefined ? entry['nominated'] === true : entry['id'] === chosen));
}

export function sampleOf(report: Iterable<readonly [string, Entry]>, at: number): Sample {
  const entries = [...report].map(([, entry]) => entry);
  const inbound = entries.filter((entry) => entry['type'] === 'inbound-rtp');
  const sum = (name: string): number => inbound.reduce((total, entry) => total + (number(entry, name) ?? 0), 0);
  const pair = chosenPair(entries);
  const heard = find(entries, 'remote-inbound-rtp', (entry) => entry['kind'] === 'audio');
  const seconds = number(pair, 'currentRoundTripTime') ?? number(heard, 'roundTripTime');
  return {
    at,
    packets: sum('packetsReceived'),
    frames: sum('framesDecoded'),
    loss: number(heard, 'fractionLost'),
    roundTripMs: seconds === null ? null : seconds * 1000,
    roomBps: number(pair, 'availableOutgoingBitrate'),
  };
}
