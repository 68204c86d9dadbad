/** The rota and urgent requests as the server sends them; all times are wall times of the clinic. Pure. */
import { addDays, dateOf } from '../../lib/wall.ts';

export interface Duty {
  readonly practitioner: string;
  readonly practitioner_name: string;
  readonly step: number;
  readonly starts_at: string;
  readonly local: string;
  readonly local_end: string;
  readonly cover: string | null;
}

export interface Gap {
  readonly step: number;
  readonly starts_at: string;
  readonly local: string;
  readonly local_end: string;
  readonly away: readonly string[];
  readonly nobody: boolean;
}

export interface OnCall {
  readonly service: string;
  readonly service_name: string;
  readonly tz: string;
  readonly made: boolean;
  readonly answer_minutes: number | null;
  readonly now: readonly Duty[];
  readonly next: readonly Duty[];
  readonly next_local: string | null;
  readonly duties: readonly Duty[];
  readonly gaps: readonly Gap[];
}

export interface DutyRule {
  practitioner: string;
  step: number;
  weekday: number;
  start: string;
  end: string;
  overnight: boolean;
  tz: string;
  valid_from: string;
  valid_to: string | null;
}

export interface Member {
  readonly id: string;
  readonly name: string;
}

export interface Cover {
  readonly id: string;
  readonly practitioner_name: string;
  readonly instead_of_name: string | null;
  readonly step: number;
  readonly starts: string;
  readonly ends: string;
}

export interface Rota {
  readonly service: string;
  readonly service_name: string;
  readonly around_the_clock: boolean;
  readonly answer_minutes: number;
  readonly rules: readonly (DutyRule & { readonly practitioner_name: string })[];
  readonly team: readonly Member[];
  readonly covers: readonly Cover[];
}

/** What of a rota a form edits; minutes are text while they are typed. */
export interface RotaDraft {
  rules: DutyRule[];
  around: boolean;
  minutes: string;
}

export type Outcome = 'visit' | 'spoken' | 'passed_on' | 'not_reached' | 'not_needed';
export type Kind = 'raised' | 'asked' | 'nobody' | 'desk' | 'claimed' | 'handed_on' | 'closed';

export interface Happening {
  readonly kind: Kind;
  readonly step: number;
  readonly practitioner_name: string | null;
  readonly by: string | null;
  readonly local: string;
}

export interface UrgentRequest {
  readonly id: string;
  readonly service: string;
  readonly service_name: string;
  readonly patient: string;
  readonly patient_name: string;
  readonly phone: string | null;
  readonly state: 'open' | 'claimed' | 'closed';
  readonly step: number;
  readonly raised_local: string;
  readonly raised_by: string | null;
  readonly due_local: string | null;
  readonly claimed_by: string | null;
  readonly claimed_practitioner: string | null;
  readonly mine: boolean;
  readonly outcome: Outcome | null;
  readonly may: { readonly claim: boolean; readonly hand_on: boolean; readonly close: boolean };
  readonly events: readonly Happening[];
}

export interface SoonTime {
  readonly starts_at: string;
  readonly local: string;
  readonly on_call: boolean;
}

export const STEPS = [1, 2, 3, 4, 5] as const;
/** The step after the last: reception and the administration. */
export const DESK = 6;

/** The days of a week, each with the duties that begin on it; one that began before stands on the first. */
export function byDay(duties: readonly Duty[], first: string): readonly (readonly [string, readonly Duty[]])[] {
  return Array.from({ length: 7 }, (_, number) => addDays(first, number)).map((day) => [day, duties.filter((duty) => (dateOf(duty.local) < first ? first : dateOf(duty.local)) === day)] as const);
}

/** A rule that ends at or before its start ends on the next day. */
export const isOvernight = (start: string, end: string): boolean => end <= start;

/** What waits for somebody here: open, or claimed by this very person. */
export const waiting = (requests: readonly UrgentRequest[]): readonly UrgentRequest[] => requests.filter((one) => one.state === 'open' || (one.state === 'claimed' && one.mine));
