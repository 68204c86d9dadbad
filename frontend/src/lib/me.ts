/** The name of whoever is signed in, in the staff's rail. */
import { hueOf, initialsOf } from '../components/face.ts';
import { api, type Session } from './api';

export async function showMe(): Promise<void> {
  const place = document.querySelector<HTMLElement>('[data-me]');
  if (!place) return;
  const session = await api.get<Session>('/session').catch(() => null);
  if (!session) return;
  const hue = hueOf(session.user.id);
  const face = Object.assign(document.createElement('span'), { className: `face face--s ${hue && `face--${hue}`}`, textContent: initialsOf(session.user.name) });
  face.ariaHidden = 'true';
  const name = Object.assign(document.createElement('bdi'), { textContent: session.user.name });
  place.replaceChildren(face, name);
  place.hidden = false;
}
