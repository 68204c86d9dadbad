/**
 * Holds `types.ts` to the API: what the server says it answers must fit what pages expect, or this file
 * does not compile. It has no code, so nothing of it reaches a browser.
 */
import type { components } from './api';
import type * as Ours from './types.ts';

type Server = components['schemas'];
/** A field that the server may leave out still has to have the right type when it is there. */
type Filled<T> = T extends readonly (infer Item)[] ? Filled<Item>[] : T extends object ? { [K in keyof T]-?: Filled<T[K]> } : T;
type Fits<Theirs, Expected> = Filled<Theirs> extends Expected ? true : { expected: Expected; given: Filled<Theirs> };
type AllTrue<T extends Record<string, true>> = T;

export type Agreement = AllTrue<{
  appointment: Fits<Server['AppointmentOut'], Ours.Appointment>;
  calendar: Fits<Server['CalendarOut'], Ours.CalendarPage>;
  careRelationship: Fits<Server['MemberOut'], Ours.CareRelationship>;
  consent: Fits<Server['ConsentOut'], Ours.Consent>;
  device: Fits<Server['DeviceOut'], Ours.SessionRow>;
  form: Fits<Server['FormOut'], Ours.ConsentForm>;
  hold: Fits<Server['HoldOut'], Ours.Hold>;
  logEntry: Fits<Server['LogEntryOut'], Ours.LogEntry>;
  note: Fits<Server['NoteOut'], Ours.Note>;
  offer: Fits<Server['OfferOut'], Ours.Offer>;
  patient: Fits<Server['PatientOut'], Ours.Patient>;
  practitioner: Fits<Server['PractitionerOut'], Ours.Practitioner>;
  preview: Fits<Server['PreviewOut'], Ours.Preview>;
  service: Fits<Server['ServiceOut'], Ours.Service>;
  slot: Fits<Server['SlotOut'], Ours.Slot>;
  waitEntry: Fits<Server['EntryOut'], Ours.WaitEntry>;
}>;
