/** Why consent kept something closed, in whole sentences; the codes are the server's. */
import type { Problem } from '$lib/api';
import { t, type PlainKey } from '$lib/i18n';

const SENTENCES: Readonly<Record<string, PlainKey>> = {
  no_relationship: 'staff.why_no_relationship',
  relationship_unconfirmed: 'staff.why_unconfirmed',
  no_consent: 'staff.why_no_consent',
  withheld: 'staff.why_withheld',
  role_not_allowed: 'staff.why_role',
  purpose_not_allowed: 'staff.why_purpose',
  step_up_required: 'staff.why_step_up',
};

/** The sentences for the reasons that a problem names; none where it names none that we know. */
export function reasonsOf(problem: Problem): string[] {
  const codes = problem.facts['reasons'];
  if (!Array.isArray(codes)) return [];
  return codes.flatMap((code: unknown) => {
    const key = typeof code === 'string' ? SENTENCES[code] : undefined;
    return key ? [t(key)] : [];
  });
}
