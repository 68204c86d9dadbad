/** A visit on its way to another time or person: the draft under hand or keys, the look ahead, the saving, the way back. */
import { api, type Appointment, type Preview, Problem, type Slot } from '$lib/api';
import { t } from '$lib/i18n';
import { named } from '$lib/isolate';
import { clock, day as dayWords } from '$lib/time';
import { say } from '$lib/toasts.svelte';
import type { Series } from '../series/shapes.ts';
import { wallAfter } from './grid.ts';
import { type Draft, isThere } from './keys.ts';

/** Where a visit shall go: a wall time that the server reads in its zone, or an instant that it gave. */
export type Target = { readonly practitioner: string } & ({ readonly local: string; readonly tz: string } | { readonly starts_at: string }) & { readonly reserved?: boolean };

/** Where a part of a series shall go, from which version of the series on. */
export interface Together {
  readonly practitioner: string;
  readonly starts_at: string;
  readonly version: number;
}

/** What is asked in the sheet: where to, and what was in the way of the last try. */
export interface Asking {
  readonly visit: Appointment;
  readonly practitioner: string;
  readonly local: string;
  /** Where a visit of a series was let go: whether others go with it is asked first. */
  readonly to?: Target | undefined;
  readonly preview?: Preview | undefined;
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

  /** Save the draft; what stands in its way is said in the sheet first. */
  async settle(): Promise<void> {
    const draft = this.draft;
    if (!draft || this.busy) return;
    if (isThere(draft)) return this.drop();
    const { visit, column } = draft;
    const local = wallAfter(column.day, draft.from);
    const target = { practitioner: column.id, local, tz: column.tz ?? visit.tz };
    if (!visit.series_id) return this.move(visit, target, local);
    this.drop();
    this.asking = { visit, practitioner: column.id, local, to: target };
  }

  /** Look what is in the way, and move where nothing is. */
  async move(visit: Appointment, target: Target, local: string): Promise<void> {
    await this.#run({ visit, practitioner: target.practitioner, local }, async (asked) => {
      const body = { service: visit.service, modality: visit.modality, appointment: visit.id, ...target };
      const preview = await api.post<Preview>('/appointments/preview', body);
      if (!preview.offered) {
        this.asking = { ...asked, preview };
        return;
      }
      await this.#go(visit, { practitioner: target.practitioner, starts_at: preview.starts_at });
    });
  }

  /** Learn the instant of a place for a part of the visit's series, and which version of the series there is. */
  async together(visit: Appointment, target: Target, local: string): Promise<Together | undefined> {
    let found: Together | undefined;
    await this.#run({ visit, practitioner: target.practitioner, local, to: target }, async () => {
      const body = { service: visit.service, modality: visit.modality, appointment: visit.id, ...target };
      const [preview, series] = await Promise.all([api.post<Preview>('/appointments/preview', body), api.get<Series>(`/series/${visit.series_id}`)]);
      found = { practitioner: target.practitioner, starts_at: preview.starts_at, version: series.version };
    });
    return found;
  }

  /** Several visits have been moved: the sheet is done with. */
  done(): void {
    this.asking = undefined;
    this.#changed(undefined);
  }

  /** Move to a time that the search offered. */
  async take(visit: Appointment, slot: Slot): Promise<void> {
    await this.#run({ visit, practitioner: slot.practitioner, local: slot.local }, () => this.#go(visit, { practitioner: slot.practitioner, starts_at: slot.starts_at, reserved: slot.reserved ?? false }));
  }

  /** Move into a time that is kept for urgent requests, on purpose. */
  async takeReserved(asked: Asking & { readonly preview: Preview }): Promise<void> {
    await this.#run(asked, () => this.#go(asked.visit, { practitioner: asked.practitioner, starts_at: asked.preview.starts_at, reserved: true }));
  }

  /** Move over what is in the way, on purpose and for a reason. */
  async force(asked: Asking & { readonly preview: Preview }, reason: string): Promise<void> {
    const target = { practitioner: asked.practitioner, starts_at: asked.preview.starts_at };
    await this.#run(asked, () => this.#go(asked.visit, target, reason));
  }

  async #run(asked: Asking, act: (asked: Asking) => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await act(asked);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.asking = { ...asked, problem: error };
      if (error.code === 'appointment_changed') this.#changed(undefined);
    } finally {
      this.draft = undefined;
      this.busy = false;
    }
  }

  async #go(visit: Appointment, target: Target, reason?: string): Promise<void> {
    const moved = await this.#send(visit, target, reason);
    this.asking = undefined;
    const when = t('calendar.slot', { day: dayWords(moved.local), time: clock(moved.local) });
    say(t('calendar.moved', { name: named(moved.patient_name), when }), { label: t('calendar.undo'), run: () => void this.#back(visit, moved) });
    this.#changed(moved);
  }

  async #back(before: Appointment, moved: Appointment): Promise<void> {
    await this.#run({ visit: moved, practitioner: before.practitioner, local: before.local }, async () => {
      const back = await this.#send(moved, { practitioner: before.practitioner, starts_at: before.starts_at });
      say(t('calendar.moved_back', { name: named(back.patient_name) }));
      this.#changed(back);
    });
  }

  async #send(visit: Appointment, target: Target, reason?: string): Promise<Appointment> {
    const body = reason === undefined ? target : { ...target, override: { reason } };
    return api.post<Appointment>(`/appointments/${visit.id}/reschedule`, body, { headers: { 'If-Match': `"${visit.version}"` } });
  }
}
