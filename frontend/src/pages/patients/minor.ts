/** Whether somebody is under eighteen on the day of a wall time; nobody is whose birthday is not known. */
export function isMinor(born: string | null, today: string): boolean {
  if (!born) return false;
  const of_age = `${Number(born.slice(0, 4)) + 18}${born.slice(4)}`;
  return today.slice(0, 10) < of_age;
}
