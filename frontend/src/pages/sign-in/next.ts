/** Where to go after signing in: a path of this site, never an address of another. */

export function safeNext(next: string | null): string {
  if (!next?.startsWith('/') || next.startsWith('//') || /[\\\u0000-\u001f]/.test(next)) return '/';
  return next.startsWith('/sign-in') ? '/' : next;
}
