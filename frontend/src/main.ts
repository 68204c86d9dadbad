/** Starts the page: texts, then the router, then what was only drawn comes alive. */
import './styles/index.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { boot } from '$lib/boot';
import { wireChrome } from '$lib/chrome';
import { loadCatalog } from '$lib/i18n';
import { showMe } from '$lib/me';
import { admits } from '$lib/router/match';
import { start } from '$lib/router/router.svelte';

wireChrome();
await Promise.all([loadCatalog(), admits('staff', boot.user) ? import('./work').then((work) => work.equip()) : undefined]);
await start();
const target = document.getElementById('app');
if (target) {
  target.replaceChildren();
  target.removeAttribute('aria-busy');
  mount(App, { target });
}
void showMe();
