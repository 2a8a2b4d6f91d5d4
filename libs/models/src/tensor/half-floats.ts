/** Numbers of 16 bits (IEEE 754 binary16), as the runtime gives them where the platform has no type for them. */
export const floatsOfHalves = (bits: Uint16Array): Float32Array => Float32Array.from(bits, half);

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
