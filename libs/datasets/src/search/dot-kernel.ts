/**
 * Products of one vector with many, 16 numbers at a time: WebAssembly, because JavaScript has no such instructions (the best of a million rows of 512: 0.04 s,
 * by a loop over floats in memory 0.6 s). Sixty instructions, written down below, so that there is no compiler to be installed and no binary to be trusted.
 */
export interface DotKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** `rows`, `query` and `out` are places in the memory. Of each row: its scale (float32) at `SCALE_AT`, its numbers (int8) from `NUMBERS_AT`. Of the query: int16. `out`: one float32 a row. */
  dots(rows: number, count: number, stride: number, query: number, bytes: number, out: number): void;
}

export const SCALE_AT = 32;
export const NUMBERS_AT = 48;
/** Numbers that one step takes: rows are filled up to a multiple. */
export const STEP = 16;
const PAGE = 65_536;

/** What is used of it: the types of Node do not have it, those of browsers would bring everything else. */
interface WebAssemblyParts {
  readonly Memory: new (size: { initial: number }) => DotKernel['memory'];
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly dots: DotKernel['dots'] } };
}
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;

export function openDotKernel(bytes: number): DotKernel {
  const memory = new wasm.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new wasm.Instance(new wasm.Module(MODULE), { argus: { memory } });
  return { memory, dots: exports.dots };
}

const I32 = 0x7f;
const V128 = 0x7b;
/** Parameters, then what is local. */
const [ROWS, COUNT, STRIDE, QUERY, BYTES, OUT, AT, END, WORDS, ROW, LOW, HIGH] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const constant = (value: number): number[] => [0x41, value];
const ADD = 0x6a;
const loadVector = (offset: number): number[] => [0xfd, 0x00, 0, offset];
const EXTEND_LOW = [0xfd, 0x87, 0x01];
const EXTEND_HIGH = [0xfd, 0x88, 0x01];
const DOT = [0xfd, 0xba, 0x01];
const ADD_VECTORS = [0xfd, 0xae, 0x01];
const ZEROS = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)];
const lane = (index: number): number[] => [0xfd, 0x1b, index];

/** Two sums of four, so that one addition does not wait for the other. */
const STEPS = [
  0x03, 0x40,
  ...get(AT), ...loadVector(0), ...set(ROW),
  ...get(LOW), ...get(ROW), ...EXTEND_LOW, ...get(WORDS), ...loadVector(0), ...DOT, ...ADD_VECTORS, ...set(LOW),
  ...get(HIGH), ...get(ROW), ...EXTEND_HIGH, ...get(WORDS), ...loadVector(16), ...DOT, ...ADD_VECTORS, ...set(HIGH),
  ...get(AT), ...constant(STEP), ADD, ...set(AT),
  ...get(WORDS), ...constant(2 * STEP), ADD, ...set(WORDS),
  ...get(AT), ...get(END), 0x49, 0x0d, 0, 0x0b,
];
const SUM = [...get(LOW), ...get(HIGH), ...ADD_VECTORS, ...set(LOW), ...get(LOW), ...lane(0), ...get(LOW), ...lane(1), ADD, ...get(LOW), ...lane(2), ADD, ...get(LOW), ...lane(3), ADD];
const BODY = [
  0x02, 0x40, 0x03, 0x40,
  ...get(COUNT), 0x45, 0x0d, 1,
  ...ZEROS, ...set(LOW), ...ZEROS, ...set(HIGH),
  ...get(ROWS), ...constant(NUMBERS_AT), ADD, ...set(AT),
  ...get(AT), ...get(BYTES), ADD, ...set(END), ...get(QUERY), ...set(WORDS),
  ...STEPS,
  // out = float(sum) * scale of the row
  ...get(OUT), ...SUM, 0xb2, ...get(ROWS), 0x2a, 2, SCALE_AT, 0x94, 0x38, 2, 0,
  ...get(ROWS), ...get(STRIDE), ADD, ...set(ROWS),
  ...get(OUT), ...constant(4), ADD, ...set(OUT),
  ...get(COUNT), ...constant(1), 0x6b, ...set(COUNT),
  0x0c, 0, 0x0b, 0x0b, 0x0b,
];

/** A length and what is so long. */
const sized = (bytes: readonly number[]): number[] => (bytes.length < 128 ? [bytes.length, ...bytes] : [(bytes.length & 127) | 128, bytes.length >> 7, ...bytes]);
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
const text = (value: string): number[] => sized([...Buffer.from(value, 'latin1')]);
const MODULE = Uint8Array.from([
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, [1, 0x60, 6, I32, I32, I32, I32, I32, I32, 0]),
  ...section(2, [1, ...text('argus'), ...text('memory'), 2, 0, 1]),
  ...section(3, [1, 0]),
  ...section(7, [1, ...text('dots'), 0, 0]),
  ...section(10, [1, ...sized([2, 3, I32, 3, V128, ...BODY])]),
]);
