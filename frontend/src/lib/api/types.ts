/** The shapes of /api/v1 that pages use. Times: `*_at` are RFC 3339; `local` is wall time in `tz`. */
import type { Language, User } from '../boot.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface Session {
  readonly user: User;
  readonly csrf_token: string;
  readonly needs: readonly ('totp' | 'passkey')[];
  readonly expires_at?: string;
}

export interface SessionRow {
  readonly id: string;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly current: boolean;
  readonly device: string;
}

export interface Preferences {
  readonly language: Language;
  readonly tz: string;
  readonly channels: { readonly email: boolean; readonly sms: boolean; readonly reminders: boolean };
  /** The number of somebody who works here; a patient's is on their file. */
  readonly phone: string | null;
}

/** Who stands in for a minor, and the kinds of visit that they are not told about. */
export interface Guardian {
  readonly id: string;
  readonly name: string;
  readonly ends_at: string;
  readonly ended_at: string | null;
  readonly private: readonly string[];
}

/** What became of one message; `local` is the wall clock at `at`; `visit_local` is null for urgent requests. */
export interface Delivery {
  readonly id: string;
  readonly kind: string;
  readonly to: 'patient' | 'guardian' | 'practitioner' | 'desk';
  /** Who was written to, of those who work here. */
  readonly to_name: string | null;
  readonly state: 'waiting' | 'sent' | 'dropped' | 'failed';
  readonly way: 'email' | 'sms' | null;
  readonly reason: string | null;
  readonly attempts: number;
  readonly local: string;
  readonly about: 'visit' | 'offer' | 'request';
  readonly appointment: string | null;
  readonly patient: string;
  readonly patient_name: string;
  readonly visit_local: string | null;
}

export type Modality = 'video' | 'phone' | 'in_person';

export interface Service {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly description: string;
  readonly minutes: number;
  /** Visits start every so many minutes. */
  readonly grid_minutes: number;
  /** Patients call a visit off until this long before it starts. */
  readonly notice_minutes: number;
  readonly modalities: readonly Modality[];
  readonly kind: string;
  /** Who books it: `self`, `referral` (those in care or referred), `staff`. */
  readonly booking_rule: 'self' | 'referral' | 'staff';
}

export interface Practitioner {
  readonly id: string;
  readonly name: string;
  readonly profession: string;
  readonly languages: readonly string[];
  readonly specialties: readonly string[];
  readonly gender: string;
  readonly modalities: readonly Modality[];
  readonly site: { readonly id: string; readonly name: string; readonly tz: string };
}

/** A time with its wall reading: the server computes it, the browser only writes it. */
export interface Moment {
  readonly starts_at: string;
  readonly ends_at: string;
  readonly local: string;
  readonly tz: string;
  readonly offset: string;
}

export interface Slot extends Moment {
  readonly practitioner: string;
  readonly practitioner_name: string;
  readonly service: string;
  /** Where one goes, by language, for visits in person. */
  readonly site_names?: Readonly<Record<string, string>> | null;
  /** For staff: kept for urgent and same-day requests, and booked only on purpose. */
  readonly reserved?: boolean;
}

export interface Hold extends Slot {
  readonly id: string;
  readonly site_name?: string | null;
  readonly expires_at: string;
}

export type AppointmentStatus = 'booked' | 'arrived' | 'fulfilled' | 'cancelled' | 'noshow' | 'held' | 'expired';

export interface Appointment extends Moment {
  readonly id: string;
  readonly status: AppointmentStatus;
  readonly service: string;
  readonly service_name: string;
  readonly practitioner: string;
  readonly practitioner_name: string;
  readonly patient: string;
  readonly patient_name: string;
  readonly modality: Modality;
  readonly version: number;
  readonly room_opens_at: string | null;
  /** Until when the patient moves it or calls it off; `_local` on the clock of the visit. */
  readonly change_until: string;
  readonly change_until_local: string;
  readonly may_cancel: boolean;
  readonly may_join: boolean;
  readonly checked_in_at: string | null;
  /** Where it is held, or from where. */
  readonly site?: string | null;
  readonly site_name?: string | null;
  /** The room of an in-person visit. */
  readonly location?: string | null;
  readonly location_name?: string | null;
  /** For staff: booked over another visit on purpose, and over which. */
  readonly overbook_of?: string | null;
  readonly overbooked?: boolean;
  readonly series_id?: string | null;
}

export type ParticipantKind = 'interpreter' | 'family' | 'companion';

export interface Participant {
  readonly id: string;
  readonly kind: ParticipantKind;
  readonly name: string;
  readonly language: string | null;
}

export interface WholeAppointment extends Appointment {
  readonly reason: string | null;
  readonly override_reason: string | null;
  readonly participants: readonly Participant[];
}

/** A stretch in which a practitioner is open for visits. */
export interface OpenHours {
  readonly practitioner: string;
  readonly practitioner_name: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly local: string;
  readonly local_end: string;
  readonly tz: string;
}

/** A time that somebody is confirming just now; not who. */
export interface HeldTime extends OpenHours {
  readonly id: string;
  readonly expires_at: string;
}

/** A stretch in which a practitioner is closed or on leave, without the reason. */
export interface Away extends OpenHours {
  readonly id: string;
  readonly kind: string;
  readonly cover_name: string | null;
}

/** A stretch in which a site is closed. */
export interface ClosedSite {
  readonly id: string;
  readonly site: string;
  readonly name: string;
  readonly local: string;
  readonly local_end: string;
}

/** One session of a group: how full it is, not who comes. */
export interface GroupSession extends Moment {
  readonly id: string;
  readonly status: AppointmentStatus;
  readonly service_name: string;
  readonly practitioner: string;
  readonly practitioner_name: string;
  readonly modality: Modality;
  readonly capacity: number;
  readonly taken: number;
  readonly waiting: number;
}

export interface CalendarPage extends Page<Appointment> {
  readonly groups?: readonly GroupSession[];
  readonly hours: readonly OpenHours[];
  readonly holds?: readonly HeldTime[];
  readonly leave: readonly Away[];
  readonly holidays: readonly ClosedSite[];
  /** For the desk: how many visits new zone rules have moved. */
  readonly clock_changes?: number;
}

/** One thing in the way of a visit; nobody books over a `firm` one. */
export interface Clash {
  readonly kind: 'taken' | 'kept' | 'buffer' | 'leave' | 'outside_hours' | 'off_grid' | 'too_soon' | 'too_far' | 'no_room' | 'reserved' | 'patient_busy' | 'past';
  readonly firm: boolean;
  readonly appointment: string | null;
  readonly patient_name: string | null;
  readonly local: string | null;
  readonly local_end: string | null;
}

/** A visit as it would be, and what is in its way. */
export interface Preview extends Moment {
  readonly offered: boolean;
  readonly may_override: boolean;
  readonly conflicts: readonly Clash[];
  readonly alternatives: readonly Slot[];
}

export type Triage = 'urgent' | 'soon' | 'routine';
export type DayPart = 'morning' | 'afternoon' | 'evening';

/** A time that is kept for somebody who waits, until `expires_at`. */
export interface Offer extends Slot {
  readonly id: string;
  readonly entry: string;
  /** The visit that it would replace. */
  readonly standing: string | null;
  readonly service_name: string;
  readonly patient: string;
  readonly patient_name: string;
  readonly modality: Modality;
  readonly site_name: string | null;
  readonly expires_at: string;
  readonly expires_local: string;
  readonly status: 'open' | 'accepted' | 'declined' | 'expired' | 'withdrawn';
  readonly automatic: boolean;
}

/** Somebody's place on the waitlist; `fits` where a time was asked about. */
export interface WaitEntry {
  readonly id: string;
  readonly patient: string;
  readonly patient_name: string;
  readonly service: string;
  readonly service_name: string;
  readonly modality: Modality;
  readonly triage: Triage;
  readonly practitioner: string | null;
  readonly practitioner_name: string | null;
  readonly language: string | null;
  readonly weekdays: readonly number[];
  readonly parts: readonly DayPart[];
  readonly until: string | null;
  readonly appointment: string | null;
  readonly waited_days: number;
  readonly offer: Offer | null;
  readonly fits: boolean | null;
}

export interface Patient {
  readonly id: string;
  readonly name: string;
  readonly preferred_name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly language: string;
  readonly birth_date: string | null;
  readonly has_account: boolean;
}

export interface CareRelationship {
  readonly id: string;
  readonly practitioner: string;
  readonly practitioner_name: string;
  readonly kind: string;
  readonly since: string;
  readonly confirmed: boolean;
}

export type Compartment = 'general' | 'psychotherapy' | 'sud' | 'media';

export interface Consent {
  readonly id: string;
  readonly status: 'active' | 'inactive' | 'entered-in-error';
  readonly grantee: { readonly id: string; readonly name: string };
  readonly purposes: readonly string[];
  readonly compartments: readonly Compartment[];
  readonly effect: 'permit' | 'deny';
  readonly starts_at: string;
  readonly ends_at: string | null;
  /** The last day on which it holds, at the clinic. */
  readonly ends_on: string | null;
  readonly granted_at: string;
  readonly revoked_at: string | null;
  readonly form: string | null;
}

export interface ConsentForm {
  readonly id: string;
  readonly effect: 'permit' | 'deny';
  readonly version: number;
  readonly language: string;
  readonly title: string;
  readonly text: string;
}

export interface LogEntry {
  readonly id: string;
  readonly at: string;
  /** Null for the clinic itself and for people whose name is nobody's business. */
  readonly actor_name: string | null;
  /** One role, or several with commas between. */
  readonly actor_role: string;
  readonly action: string;
  readonly object_type: string | null;
  readonly purpose: string | null;
  readonly outcome: 'allowed' | 'refused';
  readonly reason_code: string | null;
  /** How often within the hour before. */
  readonly times: number;
}

export interface NoteSection {
  readonly title: string;
  readonly text: string;
}

export interface NoteSummary {
  readonly id: string;
  readonly patient: string;
  readonly author: string;
  readonly author_name: string;
  readonly appointment: string | null;
  readonly status: 'draft' | 'signed' | 'amended';
  readonly template: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly signed_at: string | null;
  readonly signature: { readonly key: string; readonly fingerprint: string } | null;
  readonly etag: string;
}

export interface Note extends NoteSummary {
  readonly sections: readonly NoteSection[];
}

export interface RoomTicket {
  readonly room: string;
  readonly ticket: string;
  readonly topology: 'p2p' | 'sfu';
  readonly ice_servers: readonly RTCIceServer[];
  readonly e2ee: boolean;
  readonly expires_at: string;
  readonly role: 'patient' | 'practitioner';
  readonly polite: boolean;
  readonly phone: string | null;
}
