/** Who offers a service, read anew for each: nobody else is named where somebody chooses with whom. Call in a script. */
import { api, type Page, type Practitioner } from '$lib/api';
import { Resource } from '$lib/resource.svelte';

export function whoOffers(service: () => string | undefined): { readonly items: readonly Practitioner[] | undefined } {
  const asked = $derived(service());
  const found = $derived(asked ? new Resource<Page<Practitioner>>(`practitioners:${asked}`, (signal) => api.get('/practitioners', { service: asked, limit: 200 }, { signal })) : undefined);
  $effect(() => {
    const now = found;
    void now?.load();
    return () => now?.stop();
  });
  return {
    get items() {
      return found?.data?.items;
    },
  };
}
