/** Until when a visit may be called off by the patient: the service's rule, in words that are true now. */

export type Notice = { readonly kind: 'until'; readonly hours: number } | { readonly kind: 'start' } | { readonly kind: 'never' };

/** Hours are rounded up: what is promised holds. */
export function noticeOf(startsAt: string, noticeMinutes: number, now: Date): Notice {
  if (Date.parse(startsAt) - noticeMinutes * 60_000 <= now.getTime()) return { kind: 'never' };
  return noticeMinutes === 0 ? { kind: 'start' } : { kind: 'until', hours: Math.ceil(noticeMinutes / 60) };
}
