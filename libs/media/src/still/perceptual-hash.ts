/** Side of the luma that a hash is made of. */
export const HASH_SIDE = 32;
const BITS = 64;

/** cos((2x + 1) u pi / 2N) for u, x. */
const COSINES = Array.from({ length: HASH_SIDE }, (_row, u) => Float64Array.from({ length: HASH_SIDE }, (_unused, x) => Math.cos(((2 * x + 1) * u * Math.PI) / (2 * HASH_SIDE))));
/** The 64 lowest frequencies but the mean, the lowest first: what re-encoding and resizing leave as it is. */
const LOWEST = lowestFrequencies();
const LARGEST = Math.max(...LOWEST.flat());

/** 64-bit perceptual hash of 32x32 luma: whether each of the 64 lowest frequencies is above their median. Sixteen hexadecimal digits. */
export function perceptualHash(luma: Uint8Array): string {
  const rows = LARGEST + 1;
  // First along the rows, then down the columns: 2 x 32^2 x 12 steps in the place of 32^4.
  const along = Array.from({ length: HASH_SIDE }, (_row, y) =>
    Float64Array.from({ length: rows }, (_unused, u) => {
      let sum = 0;
      for (let x = 0; x < HASH_SIDE; x += 1) sum += (luma[y * HASH_SIDE + x] as number) * (COSINES[u]?.[x] as number);
      return sum;
    }),
  );
  const values = LOWEST.map(([u, v]) => {
    let sum = 0;
    for (let y = 0; y < HASH_SIDE; y += 1) sum += (along[y]?.[u] as number) * (COSINES[v]?.[y] as number);
    return sum;
  });
  const sorted = values.toSorted((a, b) => a - b);
  const middle = ((sorted[BITS / 2 - 1] as number) + (sorted[BITS / 2] as number)) / 2;
  return values.reduce((hash, value) => (hash << 1n) | (value > middle ? 1n : 0n), 0n).toString(16).padStart(BITS / 4, '0');
}

/** In how many bits two hashes differ. */
export function hashDistance(a: string, b: string): number {
  let rest = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let bits = 0;
  for (; rest > 0n; rest &= rest - 1n) bits += 1;
  return bits;
}

function lowestFrequencies(): (readonly [number, number])[] {
  const all = Array.from({ length: 16 * 16 }, (_unused, at) => [at % 16, Math.floor(at / 16)] as const).filter(([u, v]) => u + v > 0);
  return all.sort((a, b) => a[0] + a[1] - (b[0] + b[1]) || a[0] - b[0]).slice(0, BITS);
}
