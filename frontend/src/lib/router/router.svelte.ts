/** Goes from page to page without reloading, as long as the frame around the page stays the same. */
import type { Component } from 'svelte';
import loaders from 'virtual:pages';
import { boot } from '$lib/boot';
import { t, type PlainKey } from '$lib/i18n';
import { routes } from '../../pages/routes';
import { type Match, match, type PageProps, type Route } from './match';

interface Shown extends PageProps {
  readonly page: Component<PageProps>;
  readonly key: string;
}

export const router = $state<{ shown: Shown | null; busy: boolean; failed: boolean }>({ shown: null, busy: false, failed: false });
/** About two seconds. */
const FRAMES = 120;
let frame: string | undefined;
let turn = 0;
let table = routes;
let pages = loaders;

/** Know further pages, which come before those that everybody has. */
export function addPages(more: readonly Route[], theirs: typeof loaders): void {
  table = [...more, ...table];
  pages = { ...pages, ...theirs };
}

function find(url: URL): Match | null {
  return url.origin === location.origin ? match(table, url.pathname, boot.user) : null;
}

async function turnTo(found: Match, url: URL): Promise<void> {
  const stays = router.shown?.key === url.pathname;
  await show(found, url);
  focusHeading(stays);
}

async function show(found: Match, url: URL): Promise<void> {
  const mine = ++turn;
  const load = pages[found.route.page];
  if (!load) throw new Error(`no page ${found.route.page}`);
  router.busy = true;
  try {
    const { default: page } = await load();
    if (mine !== turn) return;
    frame = found.route.frame;
    router.shown = { page, params: found.params, query: url.searchParams, key: url.pathname };
    router.failed = false;
    document.title = `${t(found.route.title as PlainKey)} · ${boot.clinic.name}`;
    markCurrent(url.pathname);
  } catch {
    router.failed = true;
  } finally {
    if (mine === turn) router.busy = false;
  }
}

/** The server drew the navigation; say in it where we are. */
function markCurrent(path: string): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-nav] a, a[data-nav-foot]')) {
    const below = [new URL(link.href).pathname, ...(link.dataset['under']?.split(' ') ?? [])];
    const here = below.some((target) => target === path || (target !== '/' && path.startsWith(`${target}/`)));
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

/** Where only the query has changed, the focus stays with what was pressed, as long as that is still there. */
function focusHeading(stays: boolean): void {
  if (!stays) (document.activeElement as HTMLElement | null)?.blur();
  seekHeading(FRAMES);
}

/** A page may still be on its way; whoever has gone on meanwhile is left alone. */
function seekHeading(frames: number): void {
  requestAnimationFrame(() => {
    const heading = document.querySelector<HTMLElement>('#app h1');
    if (document.activeElement !== document.body || frames === 0) return;
    if (!heading) return seekHeading(frames - 1);
    scrollTo(0, 0);
    heading.setAttribute('tabindex', '-1');
    heading.focus({ preventScroll: true });
  });
}

/** Open `href` in place where that is possible, else as a new page. */
export async function go(href: string, options: { replace?: boolean } = {}): Promise<void> {
  const url = new URL(href, location.href);
  const found = find(url);
  if (!found || found.route.frame !== frame) {
    location.assign(url);
    return;
  }
  history[options.replace ? 'replaceState' : 'pushState'](null, '', url);
  await turnTo(found, url);
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest('a');
  if (!link?.href || link.target || link.hasAttribute('download') || link.dataset['reload'] !== undefined) return;
  const url = new URL(link.href);
  if (url.hash && url.pathname === location.pathname) return;
  if (url.searchParams.has('lang') || !find(url)) return;
  event.preventDefault();
  void go(url.href);
}

export async function start(): Promise<void> {
  const url = new URL(location.href);
  const found = find(url);
  if (!found) return;
  document.addEventListener('click', onClick);
  addEventListener('popstate', () => {
    const back = new URL(location.href);
    const known = find(back);
    if (known && known.route.frame === frame) void turnTo(known, back);
    else location.reload();
  });
  await show(found, url);
}
