/** Single keys during a call. They rest while someone writes, and can be turned off (WCAG 2.1.4). */

export type Act = 'mic' | 'camera' | 'sound' | 'more';
type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'> & { readonly target: unknown };

/** By place on the keyboard as well, so that M is M on an Arabic layout. */
const BY_CODE: Readonly<Record<string, Act>> = { KeyM: 'mic', KeyV: 'camera', KeyS: 'sound', Escape: 'more' };
const BY_KEY: Readonly<Record<string, Act>> = { m: 'mic', v: 'camera', s: 'sound' };
const KEPT = 'sakina.room.keys';

function writes(target: unknown): boolean {
  const element = target as { tagName?: string; isContentEditable?: boolean } | null;
  return element?.isContentEditable === true || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element?.tagName ?? '');
}

export function actOf(event: Pressed): Act | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || writes(event.target)) return undefined;
  return /^[a-z]$/i.test(event.key) ? BY_KEY[event.key.toLowerCase()] : BY_CODE[event.code];
}

export const keysOn = (): boolean => localStorage.getItem(KEPT) !== 'off';
export const keepKeys = (on: boolean): void => localStorage.setItem(KEPT, on ? 'on' : 'off');
