/** Reads tests/vectors/signalling for the tests of this folder. */
import { readFileSync } from 'node:fs';

function expanded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expanded);
  if (typeof value !== 'object' || value === null) return value;
  const repeat = (value as { $repeat?: string; times?: number }).$repeat;
  if (repeat !== undefined) return repeat.repeat((value as { times: number }).times);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, expanded(inner)]));
}

export interface Case {
  readonly name: string;
  readonly message: unknown;
  readonly field: string;
}

export interface Cases {
  readonly event: string;
  readonly valid: readonly Case[];
  readonly invalid: readonly Case[];
}

export function vectors<T = Cases>(name: string): T {
  const path = new URL(`../../../../../tests/vectors/signalling/${name}.json`, import.meta.url);
  return expanded(JSON.parse(readFileSync(path, 'utf8'))) as T;
}
