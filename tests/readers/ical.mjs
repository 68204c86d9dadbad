// Reads calendar files with ical.js: a JSON list of files in, a JSON list of what each says out.
import { readFileSync } from 'node:fs';

const { default: ICAL } = await import(`${process.cwd()}/node_modules/ical.js/dist/ical.js`);

function instant(time) {
  return new Date(time.toUnixTime() * 1000).toISOString().replace('.000Z', '+00:00');
}

function event(component) {
  const found = new ICAL.Event(component);
  return {
    uid: found.uid,
    sequence: found.sequence,
    starts_at: instant(found.startDate),
    ends_at: instant(found.endDate),
    tz: found.startDate.zone.tzid,
    summary: found.summary,
    description: found.description,
    status: component.getFirstPropertyValue('status'),
    organizer: component.getFirstPropertyValue('organizer'),
    attendees: component.getAllProperties('attendee').map((one) => one.getFirstValue()),
  };
}

function file(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return {
    method: calendar.getFirstPropertyValue('method'),
    events: calendar.getAllSubcomponents('vevent').map(event),
  };
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(file)));
