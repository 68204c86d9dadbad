/** Codes of visits as words, icons and tones; the same on every staff page. */
import type { AppointmentStatus, Clash, DayPart, Modality, Preview, Triage } from '$lib/api';
import { boot } from '$lib/boot';
import type { PlainKey } from '$lib/i18n';
import { zoneWords } from '$lib/zones';

export const modalities: Readonly<Record<Modality, PlainKey>> = { video: 'core.video', phone: 'core.phone', in_person: 'core.in_person' };
export const modalityIcons: Readonly<Record<Modality, string>> = { video: 'video', phone: 'phone', in_person: 'building' };

export interface StatusWords {
  readonly text: PlainKey;
  readonly icon: string;
  readonly tone: 'plain' | 'ok' | 'warn' | 'brand';
}

const STATUS: Readonly<Record<AppointmentStatus, StatusWords>> = {
  booked: { text: 'staff.booked', icon: 'calendar', tone: 'plain' },
  arrived: { text: 'staff.arrived', icon: 'done', tone: 'ok' },
  fulfilled: { text: 'staff.done', icon: 'done', tone: 'plain' },
  cancelled: { text: 'staff.cancelled', icon: 'x', tone: 'plain' },
  noshow: { text: 'staff.noshow', icon: 'clock', tone: 'plain' },
  held: { text: 'staff.held', icon: 'clock', tone: 'plain' },
  expired: { text: 'staff.cancelled', icon: 'x', tone: 'plain' },
};

export const statusOf = (status: AppointmentStatus): StatusWords => STATUS[status];

export interface NeedWords {
  readonly text: PlainKey;
  readonly icon: string;
  readonly tone: 'clay' | 'warn' | 'plain';
}

export const triages: Readonly<Record<Triage, NeedWords>> = {
  urgent: { text: 'calendar.urgent', icon: 'alert', tone: 'clay' },
  soon: { text: 'calendar.soon', icon: 'clock', tone: 'warn' },
  routine: { text: 'calendar.routine', icon: 'calendar', tone: 'plain' },
};
export const parts: Readonly<Record<DayPart, PlainKey>> = { morning: 'calendar.morning', afternoon: 'calendar.afternoon', evening: 'calendar.evening' };
export const clashes: Readonly<Record<Clash['kind'], PlainKey>> = {
  taken: 'calendar.clash_taken',
  kept: 'calendar.clash_kept',
  buffer: 'calendar.clash_buffer',
  leave: 'calendar.clash_leave',
  outside_hours: 'calendar.clash_outside_hours',
  off_grid: 'calendar.clash_off_grid',
  too_soon: 'calendar.clash_too_soon',
  too_far: 'calendar.clash_too_far',
  no_room: 'calendar.clash_no_room',
  reserved: 'calendar.clash_reserved',
  patient_busy: 'calendar.clash_patient_busy',
  past: 'calendar.clash_past',
};

/** A site, and its clock where that is not the clinic's. */
export const placeWords = (site: { readonly name: string; readonly tz: string }): string => (site.tz === boot.clinic.tz ? site.name : `${site.name} · ${zoneWords(site.tz)}`);

/** Whether nothing but the share for urgent requests is in the way, which staff may use. */
export const onlyReserved = (preview: Preview): boolean => preview.conflicts.every((clash) => clash.kind === 'reserved');
