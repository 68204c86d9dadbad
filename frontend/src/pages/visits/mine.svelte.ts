/** The visits of whoever is signed in: three months back and all to come. */
import { api, type Appointment, type Page } from '$lib/api';
import { type Resource, resource } from '$lib/resource.svelte';

const BACK_MS = 92 * 86_400_000;

export function myVisits(): Resource<Page<Appointment>> {
  const from = new Date(Date.now() - BACK_MS).toISOString();
  return resource('visits mine', (signal) => api.get<Page<Appointment>>('/appointments', { from, limit: 100 }, { signal }));
}
