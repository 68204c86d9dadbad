/** What happens when the session is over: what was typed stays, sign-in returns to the same place. */

/** The store on the device that holds texts not sent yet, as ciphertext under `account:text`; sending empties it. */
export const DRAFTS = 'drafts';

/** Where this device keeps for an hour where somebody who registers was going. */
export const NEXT = 'sakina.next';

/** Where a text is, from safest to least: with the clinic, sealed on this device, in this page alone. */
const PLACES = ['clinic', 'device', 'page'] as const;
export type Place = (typeof PLACES)[number];

type Keeper = () => Promise<Place>;
const keepers = new Set<Keeper>();
let leaving = false;

/** Register what a page must put in safety before it is left; returns the way to unregister. */
export function beforeLeaving(keep: Keeper): () => void {
  keepers.add(keep);
  return () => keepers.delete(keep);
}

/** Let every page put what it holds in safety; tells where the least safe text is now. */
export async function keepEverything(): Promise<Place> {
  const tried = await Promise.allSettled([...keepers].map((keep) => keep()));
  const places = tried.map((each) => (each.status === 'fulfilled' ? each.value : 'page'));
  return PLACES.findLast((place) => places.includes(place)) ?? 'clinic';
}

/** Go to the sign-in page and come back here afterwards. */
export function sessionEnded(): void {
  if (leaving) return;
  leaving = true;
  for (const keep of keepers) void keep();
  const here = location.pathname + location.search;
  location.assign(`/sign-in?next=${encodeURIComponent(here)}&ended=1`);
}
