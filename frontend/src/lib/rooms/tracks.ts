/** What this end sends, and the senders it goes through; every change is a `replaceTrack`, never a renegotiation. */

export type Kind = 'audio' | 'video';
export type Outgoing = Readonly<Record<Kind, MediaStreamTrack | null>>;
export const NOTHING: Outgoing = { audio: null, video: null };
const KINDS: readonly Kind[] = ['audio', 'video'];

/** Speech goes first; a picture may take this much at most (a phone's camera at 640 by 480). */
const MOST: Readonly<Record<Kind, number>> = { audio: 40_000, video: 700_000 };

export type SendingConnection = Pick<RTCPeerConnection, 'addTransceiver' | 'getTransceivers'>;

/** Open one line each for sound and picture, though there may be nothing to send yet. */
export function openLines(pc: SendingConnection, outgoing: Outgoing): void {
  for (const kind of KINDS) pc.addTransceiver(outgoing[kind] ?? kind, { direction: 'sendrecv' });
}

function lineOf(pc: SendingConnection, kind: Kind): RTCRtpTransceiver | undefined {
  return pc.getTransceivers().find((line) => line.receiver.track.kind === kind && line.direction !== 'stopped');
}

/** Send `outgoing` on the lines that there are, and let both ways be used. */
export async function fillLines(pc: SendingConnection, outgoing: Outgoing): Promise<void> {
  for (const kind of KINDS) {
    const line = lineOf(pc, kind);
    if (!line) continue;
    if (line.direction !== 'sendrecv') line.direction = 'sendrecv';
    if (line.sender.track !== outgoing[kind]) await line.sender.replaceTrack(outgoing[kind]);
  }
}

/** Tell the browser what to keep when there is too little for all: sound before picture. */
export async function rankLines(pc: SendingConnection): Promise<void> {
  for (const kind of KINDS) {
    const sender = lineOf(pc, kind)?.sender;
    const parameters = sender?.getParameters();
    const encoding = parameters?.encodings[0];
    if (!sender || !parameters || !encoding) continue;
    encoding.maxBitrate = MOST[kind];
    encoding.priority = kind === 'audio' ? 'high' : 'low';
    encoding.networkPriority = encoding.priority;
    await sender.setParameters(parameters).catch(() => undefined);
  }
}
