/** The desk's day as groups in the order in which they want attention; pure. */
import type { Appointment } from '../../lib/api/types.ts';

export type Standing = 'later' | 'due' | 'late' | 'absent' | 'here' | 'met' | 'unmet' | 'missed' | 'done';
export interface Arrival {
  readonly visit: Appointment;
  readonly standing: Standing;
  /** Until the start, late, or waiting, as `standing` says. */
  readonly minutes: number;
  readonly late_by: number;
  readonly presence: { readonly patient: string | null; readonly practitioner: string | null };
  readonly absence: string | null;
}
export const GROUPS = ['decide', 'due', 'here', 'later', 'past'] as const;
export type Group = (typeof GROUPS)[number];

const OF: Readonly<Record<Standing, Group>> = { absent: 'decide', unmet: 'decide', late: 'due', due: 'due', here: 'here', met: 'here', later: 'later', missed: 'past', done: 'past' };

export function grouped(arrivals: readonly Arrival[]): [Group, readonly Arrival[]][] {
  return GROUPS.map((group): [Group, readonly Arrival[]] => [group, arrivals.filter((each) => OF[each.standing] === group)]).filter(([, items]) => items.length > 0);
}

/** Those who need somebody at the desk now: the number beside the page's name. */
export const wanting = (arrivals: readonly Arrival[]): number => arrivals.filter((each) => ['absent', 'unmet', 'late'].includes(each.standing)).length;
