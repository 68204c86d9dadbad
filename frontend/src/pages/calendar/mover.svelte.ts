/** A visit on its way to another time or person: the draft under hand or keys, the saving, and the way back. */
import { api, type Appointment, Problem, type Slot } from '$lib/api';
import { t } from '$lib/i18n';
import { named } from '$lib/isolate';
import { clock, day as dayWords } from '$lib/time';
import { say } from '$lib/toasts.svelte';
import { wallAfter } from './grid.ts';
import { type Draft, isThere } from './keys.ts';

/** Where a visit shall go: a wall time that the server reads in its zone, or an instant that it gave. */
export type Target = { readonly practitioner: string } & ({ readonly local: string; readonly tz: string } | { readonly starts_at: string });

/** What is asked in the sheet: where to, and why the last try did not do. */
export interface Asking {
  readonly visit: Appointment;
  readonly practitioner: string;
  readonly local: string;
  readonly problem?: Problem | undefined;
}

export class Mover {
  draft = $state.raw<Draft | undefined>();
  asking = $state.raw<Asking | undefined>();
  busy = $state(false);
  /** Told after every change that may have happened. */
  #changed: (visit: Appointment | undefined) => void;

  constructor(changed: (visit: Appointment | undefined) => void) {
    this.#changed = changed;
  }

  /** Something is under hand, keys or question: what is seen must stay where it is. */
  get still(): boolean {
    return this.draft !== undefined || this.asking !== undefined || this.busy;
  }

  drop(): void {
    this.draft = undefined;
  }

  /** Open the sheet for a visit as it stands. */
  ask(visit: Appointment): void {
    this.asking = { visit, practitioner: visit.practitioner, local: visit.local };
  }

  /** Save the draft; what stands in its way is asked in the sheet. */
  async settle(): Promise<void> {
    const draft = this.draft;
    if (!draft || this.busy) return;
    if (isThere(draft)) return this.drop();
    const { visit, column } = draft;
    const local = wallAfter(column.day, draft.from);
    const tz = column.tz ?? visit.tz;
    await this.move(visit, { practitioner: column.id, local, tz }, local);
  }

  /** Move to a time that the search offered. */
  async take(visit: Appointment, slot: Slot): Promise<void> {
    await this.move(visit, { practitioner: slot.practitioner, starts_at: slot.starts_at }, slot.local);
  }

  async move(visit: Appointment, target: Target, local: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const moved = await this.#send(visit, target);
      this.asking = undefined;
      const when = t('calendar.slot', { day: dayWords(moved.local), time: clock(moved.local) });
      say(t('calendar.moved', { name: named(moved.patient_name), when }), { label: t('calendar.undo'), run: () => void this.#back(visit, moved) });
      this.#changed(moved);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.asking = { visit, practitioner: target.practitioner, local, problem: error };
      if (error.code === 'appointment_changed') this.#changed(undefined);
    } finally {
      this.draft = undefined;
      this.busy = false;
    }
  }

  async #back(before: Appointment, moved: Appointment): Promise<void> {
    try {
      const back = await this.#send(moved, { practitioner: before.practitioner, starts_at: before.starts_at });
      say(t('calendar.moved_back', { name: named(back.patient_name) }));
      this.#changed(back);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.asking = { visit: moved, practitioner: before.practitioner, local: before.local, problem: error };
    }
  }

  async #send(visit: Appointment, target: Target): Promise<Appointment> {
    const headers = { 'If-Match': `"${visit.version}"` };
    return api.post<Appointment>(`/appointments/${visit.id}/reschedule`, target, { headers });
  }
}
