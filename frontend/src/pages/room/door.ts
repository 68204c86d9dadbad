/** Whether the door of a visit is open, not yet open, or no door at all. Pure. */
import type { Appointment } from '../../lib/api/types.ts';

export type Door = 'open' | 'closed' | 'over';
type Visit = Pick<Appointment, 'status' | 'modality' | 'may_join' | 'ends_at' | 'room_opens_at'>;
const COMING = ['booked', 'arrived'];

/** `code` is what the server last said over the line; it knows better than what was loaded a while ago. */
export function doorOf(visit: Visit | undefined, code: string | undefined, now = new Date()): Door {
  if (code === 'room_closed') return 'over';
  if (!visit) return code === 'room_not_open' ? 'closed' : 'open';
  if (visit.may_join) return code === 'room_not_open' ? 'closed' : 'open';
  const coming = COMING.includes(visit.status) && now < new Date(visit.ends_at);
  return coming && visit.modality === 'video' ? 'closed' : 'over';
}

export function whyOver(visit: Visit): 'room.ended' | 'room.cancelled' | 'room.not_video' | 'room.closed' {
  if (visit.may_join) return 'room.ended';
  if (visit.status === 'cancelled') return 'room.cancelled';
  return visit.modality === 'video' ? 'room.closed' : 'room.not_video';
}
