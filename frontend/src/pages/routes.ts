/**
 * The one table of pages. First match wins among those that the visitor may see; the server reads the
 * same table (shell.json) to draw title, frame and preloads. Pure data: the build imports it too.
 */
import type { Route } from '../lib/router/match.ts';

export const routes: readonly Route[] = [
  // public
  { path: '/', page: 'home/PublicHome', title: 'home.public_title', who: 'signed-out', frame: 'patient' },
  { path: '/sign-in', page: 'sign-in/SignIn', title: 'account.sign_in', who: 'anyone', frame: 'patient' },
  { path: '/book', page: 'book/Book', title: 'booking.title', who: 'anyone', frame: 'patient' },
  // staff
  { path: '/notes/new', page: 'notes/NewNote', title: 'note.title', who: 'practitioner', frame: 'staff' },
  { path: '/notes/:id', page: 'notes/NotePage', title: 'note.title', who: 'practitioner', frame: 'staff' },
  { path: '/today', page: 'today/Today', title: 'staff.today', who: 'practitioner', frame: 'staff' },
];
