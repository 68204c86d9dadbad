/** A message's text with its links told apart, so that they can be followed. */
export interface Piece {
  readonly text: string;
  readonly link: boolean;
}

export function pieces(text: string): Piece[] {
  return text
    .split(/(https?:\/\/\S+)/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, link: /^https?:\/\//.test(part) }));
}
