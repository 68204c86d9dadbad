/** What the calendar shows: visits and hours of the days asked for, kept fresh, never while something is under hand. */
import { api, type Appointment, type CalendarPage, type Page, type Practitioner, type Service } from '$lib/api';
import { boot } from '$lib/boot';
import { Resource, resource } from '$lib/resource.svelte';
import { type Column, columnOf, freedIn, lieOn, peopleOf } from './columns.ts';
import { weekOf } from './grid.ts';
import { Mover } from './mover.svelte.ts';
import { type News, watchDiary } from '../arrivals/live.ts';
import { around } from './period.ts';
import { placeWords } from './words.ts';

export interface Asked {
  readonly day: string;
  readonly week: boolean;
  readonly site: string;
  readonly person: string;
}

const MINUTE_MS = 60_000;
const GATHER_MS = 150;
const STEP = 15;

export class Diary {
  readonly mover = new Mover((visit) => this.#changed(visit));
  now = $state(Date.now());
  /** Counts the changes of the waitlist, and the times when one may have been missed. */
  waitlist = $state(0);
  #asked: () => Asked;
  #due = false;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #services = resource('services', (signal) => api.get<Page<Service>>('/services', {}, { signal }));
  #people = resource('practitioners', (signal) => api.get<Page<Practitioner>>('/practitioners', { limit: 200 }, { signal }));

  readonly days = $derived.by(() => {
    const { day, week } = this.#asked();
    return week ? weekOf(day, boot.clinic.week_start) : [day];
  });
  readonly visits = $derived.by(() => {
    const days = this.days;
    const [first = '', last = ''] = [days[0], days[days.length - 1]];
    return new Resource<CalendarPage>(`visits:calendar:${first}:${last}`, (signal) => api.get('/calendar', { ...around(first, boot.clock.offset, last) }, { signal }));
  });
  readonly staff = $derived(this.#people.data?.items ?? []);
  /** Whose week it is: the one asked for, oneself, or the first of the clinic. */
  readonly person = $derived.by(() => this.#asked().person || (boot.user?.practitioner_id ?? this.staff[0]?.id ?? ''));
  /** Sites that are closed on a day that is shown, with their names. */
  readonly closings = $derived.by(() => {
    const names = new Map(this.staff.map((each) => [each.site.id, each.site.name]));
    const site = this.#asked().site;
    const found = this.visits.data?.holidays.filter((each) => (!site || each.site === site) && this.days.some((day) => lieOn(each, day))) ?? [];
    return found.map((each) => ({ id: each.id, name: each.name, where: names.get(each.site) ?? '' }));
  });
  readonly columns: readonly Column[] = $derived.by(() => {
    const page = this.visits.data;
    if (!page) return [];
    return this.#asked().week ? this.#weekOf(page) : this.#dayOf(page);
  });
  /** Whether the clocks of the columns differ: then each says its own. */
  readonly mixed = $derived(new Set(this.columns.flatMap(({ offset }) => (offset === undefined ? [] : [offset]))).size > 1);
  /** The zone whose clock is shown, where it is one. */
  readonly zone = $derived(this.columns.some((column) => column.tz === boot.clinic.tz) ? boot.clinic.tz : (this.columns.find((column) => column.tz)?.tz ?? boot.clinic.tz));
  readonly sites = $derived(new Map(this.staff.map(({ id, site }) => [id, this.mixed ? placeWords(site) : site.name])));

  constructor(asked: () => Asked) {
    this.#asked = asked;
    $effect(() => {
      const now = this.visits;
      void now.load();
      return () => now.stop();
    });
    $effect(() => {
      const timer = setInterval(() => this.#tick(), MINUTE_MS / 2);
      const seen = (): void => {
        if (document.visibilityState !== 'visible') return;
        this.refresh();
        this.waitlist += 1;
      };
      document.addEventListener('visibilitychange', seen);
      return () => {
        clearInterval(timer);
        document.removeEventListener('visibilitychange', seen);
      };
    });
    $effect(() => {
      const stop = watchDiary((news) => this.#heard(news), { waitlist: () => void (this.waitlist += 1) });
      return () => {
        clearTimeout(this.#pause);
        stop();
      };
    });
    $effect(() => {
      if (!this.mover.still && this.#due) this.refresh();
    });
  }

  /** Read again; what is under hand stays where it is until it is let go. */
  refresh(): void {
    this.#due = this.mover.still;
    if (!this.#due) void this.visits.load();
  }

  visit(id: string): Appointment | undefined {
    return this.visits.data?.items.find((visit) => visit.id === id);
  }

  /** The times of a column that are free again. */
  freed(column: Column): readonly Appointment[] {
    return this.visits.data ? freedIn(this.visits.data, column, this.now) : [];
  }

  /** How far one step of a visit goes: to the next time at which its service may start. */
  stepOf(visit: Appointment): number {
    return this.#services.data?.items.find((each) => each.id === visit.service)?.grid_minutes ?? STEP;
  }

  #weekOf(page: CalendarPage): Column[] {
    const id = this.person;
    const name = this.staff.find((each) => each.id === id)?.name ?? page.items.find((each) => each.practitioner === id)?.practitioner_name ?? '';
    return this.days.map((day) => columnOf(page, { id, name }, day));
  }

  #dayOf(page: CalendarPage): Column[] {
    const { day, site, person } = this.#asked();
    const places = new Map(this.staff.map((each) => [each.id, each.site.id]));
    const people = peopleOf(page, day).filter((each) => (!person || each.id === person) && (!site || places.get(each.id) === site));
    return people.map((each) => columnOf(page, each, day));
  }

  #changed(visit: Appointment | undefined): void {
    const page = this.visits.data;
    if (page && visit) this.visits.data = { ...page, items: page.items.map((each) => (each.id === visit.id ? visit : each)) };
    void this.visits.load();
  }

  /** A moved visit leaves a day and comes to another: only what touches neither its old nor its new place is ignored. */
  #heard(news?: News): void {
    if (!news || this.visit(news.appointment) || this.#touches(news)) this.#soon();
  }

  /** A whole series is many news at once, and one look. */
  #soon(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.refresh(), GATHER_MS);
  }

  #touches(news: News): boolean {
    const [first = '', last = ''] = [this.days[0], this.days[this.days.length - 1]];
    const { from, to } = around(first, boot.clock.offset, last);
    return Date.parse(news.from) < Date.parse(to) && Date.parse(news.to) > Date.parse(from);
  }

  #tick(): void {
    this.now = Date.now();
  }
}
