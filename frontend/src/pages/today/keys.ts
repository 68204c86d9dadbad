/**
 * Keys of the day page. They work only while the focus is inside it, never inside a field: a page must not
 * take single letters from people who speak to their computer (WCAG 2.1.4).
 */
type Act = 'next' | 'previous' | 'note' | 'admit';
type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** By letter, and by place on the keyboard where letters are not Latin. */
const BY_KEY: Readonly<Record<string, Act>> = { j: 'next', k: 'previous', n: 'note', a: 'admit' };
const BY_CODE: Readonly<Record<string, Act>> = { KeyJ: 'next', KeyK: 'previous', KeyN: 'note', KeyA: 'admit' };

export function actOf(event: Pressed): Act | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  return /^[a-z]$/i.test(event.key) ? BY_KEY[event.key.toLowerCase()] : BY_CODE[event.code];
}

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches('input, textarea, select');

function step(rows: HTMLElement[], by: number): void {
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next?.querySelector<HTMLElement>('a')?.focus();
}

function run(root: HTMLElement, act: Act): void {
  const rows = [...root.querySelectorAll<HTMLElement>('[data-test="visit"]')];
  const current = rows.find((row) => row.contains(document.activeElement));
  const acts: Record<Act, () => void> = {
    next: () => step(rows, 1),
    previous: () => step(rows, -1),
    note: () => current?.querySelector<HTMLElement>('[data-key="note"]')?.click(),
    admit: () => root.querySelector<HTMLElement>('[data-test="admit"]')?.click(),
  };
  acts[act]();
}

/** Attach to the root of the page. */
export function dayKeys(root: HTMLElement): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const act = isTyping(event.target) ? undefined : actOf(event);
    if (!act) return;
    event.preventDefault();
    run(root, act);
  };
  root.addEventListener('keydown', onKey);
  return () => root.removeEventListener('keydown', onKey);
}
