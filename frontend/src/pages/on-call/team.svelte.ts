/** Who holds visits of an urgent service, read once when a sheet opens. */
import { api, Problem } from '$lib/api';
import type { Member, Rota } from './shapes.ts';

export interface Team {
  readonly members: readonly Member[];
}

/** Call in a script; `service` says of which service, and nothing while there is no need. */
export function teamOf(service: () => string | undefined): Team {
  let members = $state.raw<readonly Member[]>([]);
  $effect(() => {
    const wanted = service();
    if (wanted === undefined) return;
    const abort = new AbortController();
    void api.get<Rota>(`/services/${wanted}/rota`, {}, { signal: abort.signal }).then(
      (rota) => (members = rota.team),
      (error: unknown) => {
        if (!(error instanceof Problem) && !abort.signal.aborted) throw error;
      },
    );
    return () => abort.abort();
  });
  return {
    get members() {
      return members;
    },
  };
}
