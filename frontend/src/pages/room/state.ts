/** How the call stands, in one word that the page turns into one sentence. Pure. */
import type { LineState, View } from '../../lib/rooms/call.svelte.ts';

export type Standing =
  | 'joining'
  | 'intercepted'
  | 'alone'
  | 'outside'
  | 'away'
  | 'telephone'
  | 'lost'
  | 'connecting'
  | 'paused'
  | 'theirs_paused'
  | 'fair'
  | 'good';

type Seen = Pick<View, 'phase' | 'online' | 'other' | 'verdict' | 'connected'>;
type Line = Pick<LineState, 'grade' | 'paused' | 'frozen' | 'lost' | 'telephone' | 'met'>;

/** Nobody to talk to: because of our own line, or because nobody is in the room with us. */
function apart(view: Seen): Standing {
  if (!view.online) return 'lost';
  return view.other?.state === 'waiting' ? 'outside' : 'alone';
}

function whileApart(view: Seen, line: Line): Standing {
  if (line.telephone) return 'telephone';
  if (view.other?.here === false) return 'away';
  return line.met ? 'lost' : 'connecting';
}

export function standingOf(view: Seen, line: Line): Standing {
  if (view.phase !== 'admitted') return 'joining';
  if (view.verdict.state === 'intercepted') return 'intercepted';
  if (view.other?.state !== 'admitted') return apart(view);
  if (line.lost || !line.met) return whileApart(view, line);
  if (line.paused) return 'paused';
  if (line.frozen) return 'theirs_paused';
  return line.grade === 'good' ? 'good' : 'fair';
}
