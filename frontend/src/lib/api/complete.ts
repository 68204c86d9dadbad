/** What a form lacks, in the page's own words: the bubbles of browsers speak the language of the browser. */
import { t } from '$lib/i18n';
import type { Sending } from './form.svelte.ts';
import { Problem } from './problem.ts';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const isControl = (element: Element): element is Control =>
  element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;

function reasonOf(control: Control): string {
  const { valueMissing, typeMismatch, tooShort } = control.validity;
  if (valueMissing) return t('core.needed');
  if (typeMismatch && control.type === 'email') return t('core.not_email');
  if (tooShort && control instanceof HTMLInputElement) return t('core.too_short', { n: control.minLength });
  return t('core.not_valid');
}

/** Tell whether every control of the form (`novalidate`) may be sent; what may not stands in `sending.problem` by its name. */
export function complete(event: SubmitEvent, sending: Sending): boolean {
  event.preventDefault();
  const faulty = [...(event.currentTarget as HTMLFormElement).elements].filter(isControl).filter((control) => !control.validity.valid);
  const errors = Object.fromEntries(faulty.map((control) => [control.name, [reasonOf(control)]]));
  sending.problem = faulty.length ? new Problem({ status: 422, code: 'incomplete', detail: t('core.each_says'), errors }) : undefined;
  return faulty.length === 0;
}
