/** Tokens --label-1 … --label-8 of the palette. Kinds that are seen most have fixed colours; the others get one by their name. */
const FIXED: Readonly<Record<string, number>> = { person: 1, car: 2, truck: 7, bus: 5, bicycle: 3, motorcycle: 4, dog: 6, cat: 8, backpack: 5, handbag: 5, suitcase: 5 };
const COUNT = 8;

/** 1 to 8, the same for a label on every page and every day. */
export function labelColorIndex(label: string): number {
  const fixed = FIXED[label];
  if (fixed) return fixed;
  let hash = 7;
  for (const letter of label) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return (hash % COUNT) + 1;
}

export const labelColor = (label: string): string => `var(--label-${labelColorIndex(label)})`;
