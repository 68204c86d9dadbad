/** The pages of those who work here; patients' browsers never load this table. Pure data, like `routes.ts`. */
import type { Route } from '../lib/router/match.ts';

export const workRoutes: readonly Route[] = [
  { path: '/notes/new', page: 'notes/NewNote', title: 'note.title', who: 'practitioner', frame: 'staff' },
  { path: '/notes/:id', page: 'notes/NotePage', title: 'note.title', who: 'practitioner', frame: 'staff' },
  { path: '/patients', page: 'patients/Patients', title: 'staff.patients', who: 'practitioner', frame: 'staff' },
  { path: '/patients', page: 'patients/Patients', title: 'staff.patients', who: 'reception', frame: 'staff' },
  { path: '/patients/:id', page: 'patients/PatientFile', title: 'staff.file', who: 'practitioner', frame: 'staff' },
  { path: '/patients/:id', page: 'patients/PatientFile', title: 'staff.contact', who: 'reception', frame: 'staff' },
  { path: '/calendar', page: 'calendar/Calendar', title: 'staff.calendar', who: 'reception', frame: 'staff' },
  { path: '/calendar', page: 'calendar/Calendar', title: 'staff.calendar', who: 'practitioner', frame: 'staff' },
  { path: '/overview', page: 'overview/Overview', title: 'setup.overview', who: 'clinic_admin', frame: 'staff' },
  { path: '/team', page: 'team/Team', title: 'staff.team', who: 'clinic_admin', frame: 'staff' },
  { path: '/team/:id', page: 'team/Person', title: 'setup.person', who: 'clinic_admin', frame: 'staff' },
  { path: '/sites', page: 'places/Places', title: 'setup.places', who: 'clinic_admin', frame: 'staff' },
  { path: '/sites/:id', page: 'places/Site', title: 'setup.site', who: 'clinic_admin', frame: 'staff' },
  { path: '/services/:id', page: 'places/Service', title: 'setup.service', who: 'clinic_admin', frame: 'staff' },
  { path: '/clinic', page: 'clinic/Clinic', title: 'setup.clinic', who: 'clinic_admin', frame: 'staff' },
  { path: '/deliveries', page: 'deliveries/Deliveries', title: 'deliveries.title', who: 'reception', frame: 'staff' },
  { path: '/hours', page: 'hours/Hours', title: 'hours.title', who: 'reception', frame: 'staff' },
  { path: '/hours', page: 'hours/Hours', title: 'hours.title', who: 'practitioner', frame: 'staff' },
  { path: '/calendar/new', page: 'calendar/NewVisit', title: 'staff.new_visit', who: 'reception', frame: 'staff' },
  { path: '/series/:id', page: 'series/SeriesPage', title: 'series.title', who: 'reception', frame: 'staff' },
  { path: '/series/:id', page: 'series/SeriesPage', title: 'series.title', who: 'practitioner', frame: 'staff' },
  { path: '/groups/new', page: 'groups/NewGroup', title: 'groups.new', who: 'reception', frame: 'staff' },
  { path: '/groups', page: 'groups/Groups', title: 'groups.title', who: 'reception', frame: 'staff' },
  { path: '/groups', page: 'groups/Groups', title: 'groups.title', who: 'practitioner', frame: 'staff' },
  { path: '/groups/:id', page: 'groups/GroupPage', title: 'groups.title', who: 'reception', frame: 'staff' },
  { path: '/groups/:id', page: 'groups/GroupPage', title: 'groups.title', who: 'practitioner', frame: 'staff' },
  { path: '/today', page: 'today/Today', title: 'staff.today', who: 'practitioner', frame: 'staff' },

  { path: '/desk', page: 'desk/Desk', title: 'desk.title', who: 'oversight', frame: 'staff' },

  { path: '/clock-changes', page: 'calendars/ClockChanges', title: 'calendars.clocks', who: 'reception', frame: 'staff' },
  { path: '/settings/calendar', page: 'calendars/WorkCalendars', title: 'settings.calendar', who: 'practitioner', frame: 'staff' },
  { path: '/settings', page: 'settings/Settings', title: 'settings.title', who: 'staff', frame: 'staff' },
  { path: '/room/:id', page: 'room/Desk', title: 'room.session', who: 'practitioner', frame: 'bare' },
];
