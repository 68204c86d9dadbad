/**
 * Keys of the day page. They work only while the focus is inside it, never inside a field: a page must not
 * take single letters from people who speak to their computer (WCAG 2.1.4).
 */
const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches('input, textarea, select');

function step(rows: HTMLElement[], by: number): void {
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next?.querySelector<HTMLElement>('a')?.focus();
}

function act(root: HTMLElement, key: string): boolean {
  const rows = [...root.querySelectorAll<HTMLElement>('[data-test="visit"]')];
  const current = rows.find((row) => row.contains(document.activeElement));
  const acts: Record<string, () => void> = {
    j: () => step(rows, 1),
    k: () => step(rows, -1),
    n: () => current?.querySelector<HTMLElement>('[data-key="note"]')?.click(),
    a: () => root.querySelector<HTMLElement>('[data-test="admit"]')?.click(),
  };
  acts[key]?.();
  return key in acts;
}

/** Attach to the root of the page. */
export function dayKeys(root: HTMLElement): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (act(root, event.key.toLowerCase())) event.preventDefault();
  };
  root.addEventListener('keydown', onKey);
  return () => root.removeEventListener('keydown', onKey);
}
