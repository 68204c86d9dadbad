/** The times before a visit that a service may remind at, in minutes. */
export interface Reminding {
  readonly service: string;
  readonly name: string;
  readonly minutes: readonly number[] | null;
  readonly etag: string;
}

const OFFERED: readonly (readonly number[])[] = [[10_080, 2_880, 120], [2_880, 120], [1_440, 120], [1_440], [120], []];

export const sameTimes = (one: readonly number[], other: readonly number[] | null): boolean => other !== null && one.join() === other.join();

/** What can be chosen; what stands is among it, however it came there. */
export const choices = (standing: readonly number[] | null): (readonly number[])[] =>
  standing === null || OFFERED.some((one) => sameTimes(one, standing)) ? [...OFFERED] : [standing, ...OFFERED];

export type Unit = 'day' | 'hour' | 'minute';

/** A time in its largest whole unit. */
export function inUnits(minutes: number): { readonly n: number; readonly unit: Unit } {
  if (minutes % 1_440 === 0) return { n: minutes / 1_440, unit: 'day' };
  if (minutes % 60 === 0) return { n: minutes / 60, unit: 'hour' };
  return { n: minutes, unit: 'minute' };
}
