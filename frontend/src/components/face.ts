/** Initials and hue of a person. */

const HUES = ['', 'olive', 'plum', 'sand', 'indigo', 'clay'] as const;
const TITLE = /^(dr|pr|mr|mrs|ms|mme|m|d|د|أ)\.?$/i;

export function hueOf(id: string): (typeof HUES)[number] {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) % 997;
  return HUES[sum % HUES.length] ?? '';
}

/** First letters of the first and last name. Arabic letters stand apart, or they would join into a word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => word && !TITLE.test(word));
  const first = words[0];
  const last = words.length > 1 ? words[words.length - 1]?.replace(/^(ال|El-?|Al-)/, '') : undefined;
  const letters = [first, last].filter(Boolean).map((word) => [...(word as string)][0] ?? '');
  return letters.join(/[\u0600-\u06ff]/.test(name) ? ' ' : '').toLocaleUpperCase();
}
