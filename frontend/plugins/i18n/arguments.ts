/** What a message asks for: its arguments with their types, and the plural words that it spells out. */
import { parse, type Token } from '@messageformat/parser';

export type Kind = 'number' | 'string' | 'any';
export interface Shape {
  readonly args: ReadonlyMap<string, Kind>;
  /** Per plural in the message, the categories it spells out (`one`, `few`, `=0` ...). */
  readonly plurals: readonly ReadonlySet<string>[];
}

function kindOf(token: Token): Kind {
  if (token.type === 'plural' || token.type === 'selectordinal') return 'number';
  return token.type === 'select' ? 'string' : 'any';
}

function walk(tokens: readonly Token[], args: Map<string, Kind>, plurals: Set<string>[]): void {
  for (const token of tokens) {
    if (token.type === 'content' || token.type === 'octothorpe') continue;
    if (args.get(token.arg) !== 'number') args.set(token.arg, kindOf(token));
    if (token.type === 'argument' || token.type === 'function') continue;
    if (token.type === 'plural') plurals.push(new Set(token.cases.map((each) => each.key)));
    for (const each of token.cases) walk(each.tokens, args, plurals);
  }
}

export function shapeOf(text: string): Shape {
  const args = new Map<string, Kind>();
  const plurals: Set<string>[] = [];
  walk(parse(text), args, plurals);
  return { args, plurals };
}
