/** ITU-T G.711: what each byte means, -1..1. */
const MULAW = Float32Array.from({ length: 256 }, (_unused, byte) => {
  const code = ~byte & 0xff;
  const level = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return (code & 0x80 ? -level : level) / 32_768;
});

const ALAW = Float32Array.from({ length: 256 }, (_unused, byte) => {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const low = ((code & 15) << 4) + 8;
  const level = exponent === 0 ? low : (low + 0x100) << (exponent - 1);
  return (code & 0x80 ? level : -level) / 32_768;
});

/** The table of levels of a law. */
export const g711Levels = (law: 'alaw' | 'mulaw'): Float32Array => (law === 'alaw' ? ALAW : MULAW);
