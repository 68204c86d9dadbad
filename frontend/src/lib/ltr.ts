/** Numbers and addresses inside a sentence: they read from left to right in every language. */
export const ltr = (text: string): string => `\u2066${text}\u2069`;
