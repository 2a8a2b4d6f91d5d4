/** The candidate that a person most likely meant, or null when nothing is near: at most two slips, or the same beginning. */
export function suggest(word: string, candidates: readonly string[]): string | null {
  const beginning = candidates.find((candidate) => word.length >= 2 && candidate.startsWith(word));
  if (beginning !== undefined) return beginning;
  const ranked = candidates.map((candidate) => ({ candidate, slips: editDistance(word, candidate) })).sort((a, b) => a.slips - b.slips);
  const best = ranked[0];
  return best !== undefined && best.slips <= Math.min(2, Math.floor(word.length / 2)) ? best.candidate : null;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (previous[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] as number) + 1, (current[column - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[b.length] as number;
}
