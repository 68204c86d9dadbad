/** One-time tokens travel in the part of a link that browsers never send: `#token=…` or `#…` alone. */

export function tokenIn(hash: string): string {
  const text = hash.replace(/^#/, '');
  return text.includes('=') ? (new URLSearchParams(text).get('token') ?? '') : decodeURIComponent(text);
}

/** Take the token out of the address bar, so that it does not stay in the history. */
export function takeToken(): string {
  const token = tokenIn(location.hash);
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  return token;
}
