/** What has been chosen so far, kept in the address: Back never empties a form, and sign-in returns to it. */
import type { Modality } from '../../lib/api/types.ts';

export interface Plan {
  readonly service?: string;
  readonly modality?: Modality;
  /** Start of the chosen slot as the server wrote it, and with whom. */
  readonly at?: string;
  readonly with?: string;
  /** The appointment that came of it. */
  readonly booked?: string;
}

export type Step = 'service' | 'slot' | 'confirm' | 'booked';

const MODALITIES: readonly string[] = ['video', 'phone', 'in_person'];

export function readPlan(query: URLSearchParams): Plan {
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  const modality = text('modality');
  return {
    service: text('service'),
    modality: modality && MODALITIES.includes(modality) ? (modality as Modality) : undefined,
    at: text('at'),
    with: text('with'),
    booked: text('booked'),
  };
}

export function hrefOf(plan: Plan): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(plan)) if (value) query.set(name, value as string);
  const text = query.toString();
  return `/book${text ? `?${text}` : ''}`;
}

export function stepOf(plan: Plan): Step {
  if (plan.booked) return 'booked';
  if (!plan.service) return 'service';
  return plan.at && plan.with ? 'confirm' : 'slot';
}
