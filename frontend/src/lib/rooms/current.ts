/** The call goes along from the waiting room to the room: the page that leaves hands it to the page that comes. */
import { Call } from './call.svelte.ts';
import type { Place } from './wire.ts';

/** What was said about place and number, so that who leaves and comes back need not say it again. */
const given = new Map<string, Place>();
let current: { readonly call: Call; users: number } | undefined;

/** The call of this visit, the running one if there is one. Give it back with `release`. */
export function claim(appointment: string): Call {
  if (current?.call.appointment !== appointment) {
    current?.call.close();
    current = { call: new Call(appointment, given.get(appointment)), users: 0 };
  }
  current.users += 1;
  return current.call;
}

/** Hang on for a moment: the next page may claim it. */
export function release(call: Call): void {
  const held = current;
  if (held?.call !== call) return;
  held.users -= 1;
  setTimeout(() => {
    if (held.users > 0) return;
    given.set(call.appointment, call.given);
    call.close();
    if (current === held) current = undefined;
  });
}
