/** Short messages over the page: ten seconds, never the only copy of a fact, sometimes with an undo. */

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo?: { readonly label: string; readonly run: () => void };
}

export const toasts = $state<Toast[]>([]);
let last = 0;

export function dismiss(id: number): void {
  const index = toasts.findIndex((toast) => toast.id === id);
  if (index >= 0) toasts.splice(index, 1);
}

export function say(text: string, undo?: Toast['undo']): void {
  last += 1;
  toasts.push(undo ? { id: last, text, undo } : { id: last, text });
}
