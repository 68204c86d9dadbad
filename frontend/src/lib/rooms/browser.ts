/** Which family of browser this is, so that the way back to a denied permission is told in its own words. */

export type Browser = 'safari_ios' | 'safari' | 'firefox' | 'chrome_android' | 'chrome';

export function browserOf(agent: string): Browser {
  if (/iPhone|iPad|iPod/.test(agent)) return 'safari_ios';
  if (/Firefox\//.test(agent)) return 'firefox';
  if (/Android/.test(agent)) return 'chrome_android';
  return /Safari\//.test(agent) && !/Chrom(e|ium)\//.test(agent) ? 'safari' : 'chrome';
}
