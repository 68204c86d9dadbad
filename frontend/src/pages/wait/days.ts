/** The days of a week, Monday as 0, from the one with which the clinic's week begins. */

const MONDAY = 23; // of November 2026

export const weekdays = (first: number): number[] => Array.from({ length: 7 }, (_, step) => (first + step) % 7);

/** A wall time on that weekday, to write its name from. */
export const wallOf = (weekday: number): string => `2026-11-${MONDAY + weekday}T00:00`;
