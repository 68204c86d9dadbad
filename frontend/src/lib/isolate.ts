/** Keeps the direction of a piece of text inside a sentence to itself, for sentences made by `t()`. */

/** A name, in its own script. */
export const named = (name: string): string => `\u2068${name}\u2069`;
/** A number or an address: from left to right in every language. */
export const ltr = (text: string): string => `\u2066${text}\u2069`;
