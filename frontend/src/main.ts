/** Starts the page: texts, then the router, then what was only drawn comes alive. */
import './styles/index.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { wireChrome } from '$lib/chrome';
import { loadCatalog } from '$lib/i18n';
import { showMe } from '$lib/me';
import { start } from '$lib/router/router.svelte';

wireChrome();
await loadCatalog();
await start();
const target = document.getElementById('app');
if (target) {
  target.replaceChildren();
  target.removeAttribute('aria-busy');
  mount(App, { target });
}
void showMe();
