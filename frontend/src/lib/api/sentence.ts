/** A problem in one sentence of the page's language: the server's own words, or ours where it could not answer. */
import { t } from '$lib/i18n';
import type { Problem } from './problem.ts';

export function sentenceOf(problem: Problem): string {
  if (problem.offline) return t('core.no_network');
  return problem.facts.detail ?? t('core.our_fault');
}
