/**
 * The table of pages, with `work-routes.ts` before it for those who work here. First match wins among those
 * that the visitor may see; the server reads both (shell.json) to draw title, frame and preloads. Pure data:
 * the build imports it too.
 */
import type { Route } from '../lib/router/match.ts';

export const routes: readonly Route[] = [
  // public
  { path: '/', page: 'home/PublicHome', title: 'home.public_title', who: 'signed-out', frame: 'patient' },
  { path: '/book', page: 'book/Book', title: 'booking.title', who: 'anyone', frame: 'patient' },
  { path: '/sign-in', page: 'sign-in/SignIn', title: 'account.sign_in', who: 'signed-out', frame: 'patient' },
  { path: '/register', page: 'account/Register', title: 'account.register', who: 'signed-out', frame: 'patient' },
  { path: '/verify', page: 'account/Verify', title: 'account.verify', who: 'anyone', frame: 'patient' },
  { path: '/password-reset', page: 'account/Forgotten', title: 'account.forgot', who: 'anyone', frame: 'patient' },
  { path: '/password-reset/confirm', page: 'account/NewPassword', title: 'account.reset_title', who: 'anyone', frame: 'patient' },
  { path: '/invitation', page: 'account/NewPassword', title: 'account.invited', who: 'anyone', frame: 'patient' },

  { path: '/demo/mailbox', page: 'demo/Mailbox', title: 'mailbox.title', who: 'anyone', frame: 'patient' },

  // patients
  { path: '/', page: 'home/PatientHome', title: 'home.title', who: 'patient', frame: 'patient' },
  { path: '/visits', page: 'visits/Visits', title: 'visits.title', who: 'patient', frame: 'patient' },
  { path: '/family', page: 'family/Family', title: 'family.title', who: 'guardian', frame: 'patient' },
  { path: '/wait', page: 'wait/Wait', title: 'wait.title', who: 'patient', frame: 'patient' },
  { path: '/visits/:id/details', page: 'visits/Details', title: 'visits.details', who: 'patient', frame: 'patient' },
  { path: '/visits/:id/move', page: 'visits/Move', title: 'visits.move_title', who: 'patient', frame: 'patient' },
  { path: '/privacy', page: 'privacy/Privacy', title: 'privacy.title', who: 'patient', frame: 'patient' },
  { path: '/privacy/log', page: 'privacy/AccessLog', title: 'privacy.log_title', who: 'patient', frame: 'patient' },

  // everybody who is signed in
  { path: '/settings', page: 'settings/Settings', title: 'settings.title', who: 'signed-in', frame: 'patient' },
  { path: '/settings/calendar', page: 'calendars/MyCalendar', title: 'settings.calendar', who: 'patient', frame: 'patient' },

  // calls
  { path: '/device-test', page: 'room/DeviceTest', title: 'room.device_test', who: 'signed-in', frame: 'patient' },
  { path: '/visits/:id', page: 'room/WaitingRoom', title: 'room.waiting_room', who: 'patient', frame: 'patient' },
  { path: '/visits/:id/after', page: 'room/After', title: 'room.after', who: 'patient', frame: 'patient' },
  { path: '/room/:id', page: 'room/PatientRoom', title: 'room.session', who: 'patient', frame: 'patient' },
];
