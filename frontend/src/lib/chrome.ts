/** The parts around the page, drawn by the server: quick exit, sign-out, counts in the navigation. */
import { api } from '$lib/api';
import { count } from '$lib/i18n';
import { keepEverything, NEXT } from '$lib/session';

const NEUTRAL = 'about:blank';

/** Leave without a trace: nothing of the clinic stays in the history entry. */
export function leaveQuickly(): void {
  document.documentElement.hidden = true;
  location.replace(NEUTRAL);
  localStorage.removeItem(NEXT);
}

/** Three times Shift within two seconds leaves, on pages of patients. */
function watchShift(): void {
  let taps: number[] = [];
  addEventListener('keyup', (event) => {
    if (event.key !== 'Shift') {
      taps = [];
      return;
    }
    taps = [...taps.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (taps.length >= 3) leaveQuickly();
  });
}

/** The question is fetched when it is needed; an editor, which alone makes it needed, has fetched it before. */
async function mayLeave(): Promise<boolean> {
  const place = await keepEverything();
  return import('$components/leaving.ts').then((leaving) => leaving.mayLeave(place), () => place === 'clinic');
}

async function signOut(event: Event): Promise<void> {
  event.preventDefault();
  if (!(await mayLeave())) return;
  localStorage.removeItem(NEXT);
  await api.delete('/session').catch(() => undefined);
  location.assign('/');
}

/** Show a number beside an entry of the navigation (`data-count="name"`); none for 0. */
export function setCount(name: string, value: number, words: string): void {
  for (const place of document.querySelectorAll<HTMLElement>(`[data-count="${name}"]`)) {
    place.hidden = value === 0;
    place.replaceChildren(count(value));
    place.setAttribute('aria-label', words);
  }
}

export function wireChrome(): void {
  const exits = document.querySelectorAll('[data-exit]');
  for (const link of exits) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      leaveQuickly();
    });
  }
  if (exits.length) watchShift();
  for (const form of document.querySelectorAll('[data-sign-out]')) form.addEventListener('submit', (event) => void signOut(event));
}
