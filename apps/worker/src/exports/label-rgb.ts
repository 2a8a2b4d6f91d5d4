/** The colours of the live wall's boxes (the dashboard's tokens --label-1 … --label-8), so that a film looks like it. */
const COLORS = [0x4fc3f7, 0xffb74d, 0x4dd0a5, 0xf48fb1, 0xfff176, 0xb39ddb, 0xff8a65, 0x90a4ff] as const;
const FIXED: Readonly<Record<string, number>> = { person: 0, car: 1, truck: 6, bus: 4, bicycle: 2, motorcycle: 3, dog: 5, cat: 7, backpack: 4, handbag: 4, suitcase: 4 };

/** `0xrrggbb`, the same for a label in every film. */
export function labelRgb(label: string): number {
  let hash = 7;
  for (const letter of label) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return COLORS[FIXED[label] ?? hash % COLORS.length] as number;
}
