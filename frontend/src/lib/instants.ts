/** Wall time of an instant that comes without one: its own offset where it has one, else the device's. */
import { deviceOffset, wallAt } from './wall.ts';

export function wallOf(instant: string): string {
  if (/[+-]\d\d:\d\d$/.test(instant) && !/[+-]00:00$/.test(instant)) return instant.slice(0, 16);
  const at = new Date(instant);
  return wallAt(at, deviceOffset(at));
}
