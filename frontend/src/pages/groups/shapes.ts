/** What the server says of groups' sessions; members are named to staff alone. */
import type { Modality, Moment } from '../../lib/api/types.ts';

export type SeatStatus = 'booked' | 'waiting' | 'cancelled' | 'attended' | 'missed';

export interface Member {
  readonly patient: string;
  readonly patient_name: string;
  readonly status: SeatStatus;
}

export interface Group extends Moment {
  readonly id: string;
  readonly status: string;
  readonly service: string;
  readonly service_name: string;
  readonly practitioner: string;
  readonly practitioner_name: string;
  readonly modality: Modality;
  readonly site_name: string | null;
  readonly version: number;
  readonly series_id: string | null;
  readonly capacity: number;
  readonly taken: number;
  readonly waiting: number;
  readonly seat: SeatStatus | null;
  readonly may: { readonly join: boolean; readonly leave: boolean; readonly note: boolean; readonly change: boolean };
}

export interface WholeGroup extends Group {
  readonly members: readonly Member[] | null;
}
