/** The question before signing out while a text has not reached the clinic. */
import { mount, unmount } from 'svelte';
import { boot } from '$lib/boot';
import { DRAFTS, type Place } from '$lib/session';
import LeavingSheet from './LeavingSheet.svelte';

/** How many texts of `account` this device holds that have not reached the clinic. */
function heldFor(account: string): Promise<number> {
  return new Promise((resolve) => {
    const asking = indexedDB.open(DRAFTS);
    // There is no store, and asking must not make one.
    asking.onupgradeneeded = () => asking.transaction?.abort();
    asking.onerror = () => resolve(0);
    asking.onsuccess = () => {
      const counting = asking.result.transaction(DRAFTS).objectStore(DRAFTS).count(IDBKeyRange.bound(`${account}:`, `${account};`, false, true));
      counting.onsuccess = () => resolve(counting.result);
      counting.onerror = () => resolve(0);
      asking.result.close();
    };
  });
}

/** Ask over the page; true when the person signs out nevertheless. */
function ask(place: Exclude<Place, 'clinic'>): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (leave: boolean): void => {
      void unmount(sheet);
      resolve(leave);
    };
    const sheet = mount(LeavingSheet, { target: document.body, props: { place, answer } });
  });
}

/** Tell whether the person signs out, given where the pages' least safe text is; an earlier page may have left one. */
export async function mayLeave(place: Place): Promise<boolean> {
  if (place === 'clinic') return (await heldFor(boot.user?.id ?? '')) === 0 || ask('device');
  return ask(place);
}
