/** What happens when the session is over: what was typed stays, sign-in returns to the same place. */

/** The store on the device that holds texts not sent yet, as ciphertext; it ends with the session. */
export const DRAFTS = 'drafts';

/** Where this device keeps for an hour where somebody who registers was going. */
export const NEXT = 'sakina.next';

type Keeper = () => unknown;
const keepers = new Set<Keeper>();
let leaving = false;

/** Register what a page must put in safety before it is left; returns the way to unregister. */
export function beforeLeaving(keep: Keeper): () => void {
  keepers.add(keep);
  return () => keepers.delete(keep);
}

/** Let every page put what it holds in safety, and wait until it has tried. */
export async function keepEverything(): Promise<void> {
  await Promise.allSettled([...keepers].map((keep) => keep()));
}

/** Go to the sign-in page and come back here afterwards. */
export function sessionEnded(): void {
  if (leaving) return;
  leaving = true;
  for (const keep of keepers) keep();
  const here = location.pathname + location.search;
  location.assign(`/sign-in?next=${encodeURIComponent(here)}&ended=1`);
}
