/** Who stands how to a file, put together from the care team and the consents; pure. */
import type { CareRelationship, Compartment, Consent } from '../../lib/api/types.ts';

export interface Reader {
  readonly id: string;
  readonly name: string;
  readonly consent: Consent;
  readonly relationship: CareRelationship | undefined;
}

/** Somebody who treats, or once could read, and now cannot. */
export interface Closed {
  readonly id: string;
  readonly name: string;
  readonly relationship: CareRelationship | undefined;
  /** What was allowed before, offered again. */
  readonly compartments: readonly Compartment[];
}

const live = (consent: Consent, now: Date): boolean =>
  consent.status === 'active' && (consent.ends_at === null || new Date(consent.ends_at) > now);

const relationOf = (team: readonly CareRelationship[], id: string): CareRelationship | undefined =>
  team.find((member) => member.practitioner === id);

export function readers(consents: readonly Consent[], team: readonly CareRelationship[], effect: Consent['effect'], now: Date): Reader[] {
  return consents
    .filter((consent) => consent.effect === effect && live(consent, now))
    .map((consent) => ({ id: consent.grantee.id, name: consent.grantee.name, consent, relationship: relationOf(team, consent.grantee.id) }));
}

export function closed(consents: readonly Consent[], team: readonly CareRelationship[], now: Date): Closed[] {
  const open = new Set(consents.filter((consent) => live(consent, now)).map((consent) => consent.grantee.id));
  const found = new Map<string, Closed>();
  for (const member of team) {
    if (member.confirmed) found.set(member.practitioner, { id: member.practitioner, name: member.practitioner_name, relationship: member, compartments: ['general'] });
  }
  for (const consent of consents.filter((each) => each.effect === 'permit')) {
    const { id, name } = consent.grantee;
    if (!found.get(id) || found.get(id)?.compartments.length === 1) found.set(id, { id, name, relationship: relationOf(team, id), compartments: consent.compartments });
  }
  return [...found.values()].filter((each) => !open.has(each.id));
}

export const waiting = (team: readonly CareRelationship[]): CareRelationship[] => team.filter((member) => !member.confirmed);
