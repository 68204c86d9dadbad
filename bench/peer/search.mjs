/**
 * The same question to the npm package slot-calculator: the first free starts over many practitioners.
 *
 * Reads a clinic as JSON (see `bench/full_clinic.py`), asks the package for each practitioner's free cells of
 * the grid (its slots are as long as its steps, so that a visit is so many free cells in a row), joins them,
 * and prints the first starts and the milliseconds of each round: by the clock, and worked by this process.
 */
import { readFileSync } from 'node:fs';
import { getSlots } from 'slot-calculator';

const [, , file, rounds] = process.argv;
const clinic = JSON.parse(readFileSync(file, 'utf8'));
const grid = clinic.grid_minutes * 60_000;
const cells = clinic.minutes / clinic.grid_minutes;

function startsOf(person) {
  const { availableSlots } = getSlots({
    from: clinic.from,
    to: clinic.to,
    duration: clinic.grid_minutes,
    availability: person.availability,
    unavailability: person.unavailability,
    outputTimezone: 'UTC',
  });
  const free = new Set(availableSlots.map((slot) => Date.parse(slot.from)));
  const found = [];
  for (const start of free) {
    let fits = true;
    for (let cell = 1; fits && cell < cells; cell += 1) fits = free.has(start + cell * grid);
    if (fits) found.push([start, person.id]);
  }
  return found;
}

function search() {
  const found = clinic.people.flatMap(startsOf);
  found.sort((one, other) => one[0] - other[0] || (one[1] < other[1] ? -1 : 1));
  return found.slice(0, clinic.limit).map(([start, id]) => [new Date(start).toISOString(), id]);
}

const spans = [];
const worked = [];
let slots = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const begun = performance.now();
  const before = process.cpuUsage();
  slots = search();
  const used = process.cpuUsage(before);
  worked.push((used.user + used.system) / 1000);
  spans.push(performance.now() - begun);
}
console.log(JSON.stringify({ slots, spans, worked }));
