/** Digits are the clinic's choice: Latin by default, Arabic-Indic on Arabic pages where it says so. */

export function localDigits(text: string, language: string, digits: 'latn' | 'arab'): string {
  if (digits !== 'arab' || language !== 'ar') return text;
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x0660 + Number(digit)));
}
