/** The call goes along from the waiting room to the room: the page that leaves hands it to the page that comes. */
import { Call } from './call.svelte.ts';

let current: { readonly call: Call; users: number } | undefined;

/** The call of this visit, the running one if there is one. Give it back with `release`. */
export function claim(appointment: string): Call {
  if (current?.call.appointment !== appointment) {
    current?.call.close();
    current = { call: new Call(appointment), users: 0 };
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
    call.close();
    if (current === held) current = undefined;
  });
}
