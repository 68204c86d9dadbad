/** How the call stands, in one word that the page turns into one sentence. Pure. */
import type { LineState, View } from '../../lib/rooms/call.svelte.ts';

export type Standing =
  | 'joining'
  | 'intercepted'
  | 'alone'
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

function whileApart(view: Seen, line: Line): Standing {
  if (line.telephone) return 'telephone';
  if (view.other?.here === false) return 'away';
  return line.met ? 'lost' : 'connecting';
}

export function standingOf(view: Seen, line: Line): Standing {
  if (view.phase !== 'admitted') return 'joining';
  if (view.verdict.state === 'intercepted') return 'intercepted';
  if (view.other?.state !== 'admitted') return view.online ? 'alone' : 'lost';
  if (line.lost || !line.met) return whileApart(view, line);
  if (line.paused) return 'paused';
  if (line.frozen) return 'theirs_paused';
  return line.grade === 'good' ? 'good' : 'fair';
}
