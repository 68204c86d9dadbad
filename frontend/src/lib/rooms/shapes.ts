/** Checks for JSON from the other end; each names the wrong field. The same rules as clinic/video/rules/shapes.py. */

export type Check = (value: unknown, path: string) => void;
type Fields = Readonly<Record<string, Check>>;

/** `field` is the dotted path of what is wrong, empty for the message as a whole. */
export class ShapeError extends Error {
  readonly field: string;

  constructor(field: string) {
    super(field);
    this.field = field;
  }
}

function require(holds: boolean, path: string): asserts holds {
  if (!holds) throw new ShapeError(path);
}

export const flag: Check = (value, path) => require(typeof value === 'boolean', path);

export const uuid: Check = (value, path) =>
  require(typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value), path);

/** An RFC 3339 time that says its offset. */
export const instant: Check = (value, path) => {
  require(typeof value === 'string' && value.length <= 40, path);
  require(/(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)), path);
};

export const integer = (low: number, high: number): Check => (value, path) =>
  require(Number.isInteger(value) && (value as number) >= low && (value as number) <= high, path);

/** Lengths count characters, not UTF-16 units; `pattern` is matched from end to end by its author. */
export const text = (longest: number, shortest = 0, pattern?: RegExp): Check => (value, path) => {
  require(typeof value === 'string', path);
  const length = value.length > longest ? [...value].length : value.length;
  require(length >= shortest && length <= longest && (pattern?.test(value) ?? true), path);
};

export const oneOf = (...words: readonly string[]): Check => (value, path) =>
  require(typeof value === 'string' && words.includes(value), path);

export const nullable = (inner: Check): Check => (value, path) => {
  if (value !== null) inner(value, path);
};

/** A bad item is named by the list's own path. */
export const listOf = (inner: Check, longest: number): Check => (value, path) => {
  require(Array.isArray(value) && value.length <= longest, path);
  for (const item of value) inner(item, path);
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with exactly these fields; `together` may name a field that contradicts another. */
export function record(
  required: Fields,
  optional: Fields = {},
  together: (value: Readonly<Record<string, unknown>>) => string | undefined = () => undefined,
): Check {
  const known = { ...required, ...optional };
  return (value, path) => {
    require(isObject(value), path);
    const prefix = path ? `${path}.` : '';
    for (const name of Object.keys(value)) require(Object.hasOwn(known, name), `${prefix}${name.slice(0, 64)}`);
    for (const [name, inner] of Object.entries(known)) {
      if (Object.hasOwn(value, name)) inner(value[name], `${prefix}${name}`);
      else require(Object.hasOwn(optional, name), `${prefix}${name}`);
    }
    const wrong = together(value);
    require(wrong === undefined, `${prefix}${wrong}`);
  };
}
