/** What became of a message, in a sentence: what it was, when, how, and why not. */
import type { Delivery } from '$lib/api';
import { type PlainKey, t } from '$lib/i18n';
import { named } from '$lib/isolate';
import { clock, day } from '$lib/time';

const KINDS: Readonly<Record<string, PlainKey>> = {
  booked: 'deliveries.booked',
  moved: 'deliveries.moved',
  cancelled: 'deliveries.cancelled',
  reminder: 'deliveries.reminder',
  offer: 'deliveries.offer',
  asked: 'deliveries.request',
  desk: 'deliveries.request',
};
const REASONS: Readonly<Record<string, PlainKey>> = {
  unreachable: 'deliveries.why_unreachable',
  represented: 'deliveries.why_represented',
  declined: 'deliveries.why_declined',
  no_longer_so: 'deliveries.why_no_longer_so',
  worker_died: 'deliveries.why_worker_died',
  sms_no_number: 'deliveries.why_number',
  sms_400: 'deliveries.why_number',
  sms_422: 'deliveries.why_number',
  smtp_SMTPRecipientsRefused: 'deliveries.why_address',
};

export const reasonOf = (one: Delivery): string => t(REASONS[one.reason ?? ''] ?? 'deliveries.why_network');

export function whatOf(one: Delivery): string {
  const what = t(KINDS[one.kind] ?? 'deliveries.other');
  if (one.to === 'patient') return what;
  const to = one.to === 'guardian' ? t('deliveries.guardian') : one.about === 'visit' ? t('deliveries.practitioner') : undefined;
  return `${what} (${[to, one.to_name && named(one.to_name)].filter(Boolean).join(' · ')})`;
}

export function sentenceOf(one: Delivery): string {
  const said = { what: whatOf(one), day: day(one.local), time: clock(one.local) };
  if (one.state === 'sent') return t('deliveries.sent', { ...said, way: t(one.way === 'sms' ? 'deliveries.by_sms' : 'deliveries.by_email') });
  if (one.state === 'waiting' && one.attempts === 0) return t('deliveries.waiting', said);
  if (one.state === 'waiting') return t('deliveries.retrying', { ...said, reason: reasonOf(one) });
  return t(one.state === 'dropped' ? 'deliveries.dropped' : 'deliveries.failed', { what: said.what, reason: reasonOf(one) });
}
