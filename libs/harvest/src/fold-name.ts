/** Two spellings of one name are equal after this: NFKC (full-width, composed, half-width kana) and case. What is longer when folded (ß: ss) is longer. */
export function foldName(text: string): string {
  // Upper case first, because it opens what lower case leaves alone (ß, ſ); sigma by hand, because only its form at the end of a word differs.
  return text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}
