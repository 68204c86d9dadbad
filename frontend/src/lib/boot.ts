/** What the server says in every page: who is signed in, in which language, at which clinic. */

export type Language = 'ar' | 'fr' | 'en';
export type Role =
  | 'patient'
  | 'guardian'
  | 'practitioner'
  | 'supervisor'
  | 'reception'
  | 'clinic_admin'
  | 'privacy_officer'
  | 'auditor'
  | 'system_administrator';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly patient_id: string | null;
  readonly practitioner_id: string | null;
  readonly language: Language;
  readonly tz: string;
}

export interface Clinic {
  readonly name: string;
  /** IANA zone of the clinic; for words only, the browser computes with no zone. */
  readonly tz: string;
  readonly languages: readonly Language[];
  readonly digits: 'latn' | 'arab';
  /** The first day of a week: Monday is 0. */
  readonly week_start: number;
  readonly phone: string;
  /** Whether text messages are sent at all. */
  readonly texts: boolean;
}

export interface Boot {
  /** Without the name, which is sealed: GET /session tells it. */
  readonly user: Omit<User, 'name'> | null;
  readonly csrf_token: string;
  readonly language: Language;
  readonly dir: 'rtl' | 'ltr';
  readonly clinic: Clinic;
  /** The server's reading of the clock where this person is; `offset` turns instants into wall time. */
  readonly clock: { readonly local: string; readonly offset: string; readonly tz: string };
  readonly demo: boolean;
}

function read(): Boot {
  const element = document.getElementById('boot');
  if (!element?.textContent) throw new Error('the page has no boot data');
  return JSON.parse(element.textContent) as Boot;
}

export const boot: Boot = read();

export function hasRole(...roles: Role[]): boolean {
  return boot.user?.roles.some((role) => roles.includes(role)) ?? false;
}
