/** Figures of a call as they are read aloud. */

/** 12:40, or 1:02:40: the length of a call. */
export function lengthOf(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
}

/** "123 456": read in two breaths, the same in three languages. */
export const inTwo = (digits: string): string => `${digits.slice(0, 3)} ${digits.slice(3)}`;
