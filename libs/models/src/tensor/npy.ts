import { endianness } from 'node:os';
import { elementCount } from './tensor.js';

export interface NpyArray {
  readonly data: Uint8Array | Float32Array;
  readonly dims: readonly number[];
}

const MAGIC = '\x93NUMPY';
const TYPES = { '|u1': 1, '<f4': 4 } as const;

/**
 * Reads NumPy's .npy, the format that every Python tool writes: C order, `|u1` or little-endian `<f4`.
 * Throws RangeError saying what was expected.
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text.length < 10 || text.toString('latin1', 0, 6) !== MAGIC) throw new RangeError('expected a NumPy .npy file');
  const version = text[6];
  const start = version === 1 ? 10 : 12;
  const end = start + (version === 1 ? text.readUInt16LE(8) : text.readUInt32LE(8));
  const header = text.toString('latin1', start, end);
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? 'unknown';
  if (type !== '|u1' && type !== '<f4') throw new RangeError(`expected type '|u1' or '<f4', got '${type}'`);
  if (!/'fortran_order':\s*False/.test(header)) throw new RangeError('expected C order');
  const dims = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '').split(',').filter((part) => part.trim() !== '').map(Number);
  const length = elementCount(dims) * TYPES[type];
  if (bytes.byteLength - end !== length) throw new RangeError(`expected ${length} bytes of data for shape (${dims.join(', ')}), got ${bytes.byteLength - end}`);
  // A copy: floats must be aligned, and a Buffer's own slice is a view.
  const body = new Uint8Array(bytes.subarray(end));
  return { data: type === '|u1' ? body : floatsOf(body), dims };
}

export function writeNpy(array: NpyArray): Uint8Array {
  const type = array.data instanceof Float32Array ? '<f4' : '|u1';
  const shape = array.dims.length === 1 ? `${array.dims[0]},` : array.dims.join(', ');
  const head = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`;
  // The data begins at a multiple of 64 bytes, as NumPy itself writes it.
  const padded = `${head.padEnd(Math.ceil((head.length + 11) / 64) * 64 - 11)}\n`;
  const prefix = Buffer.alloc(10);
  prefix.write(MAGIC, 'latin1');
  prefix[6] = 1;
  prefix.writeUInt16LE(padded.length, 8);
  const data = Buffer.from(array.data.buffer, array.data.byteOffset, array.data.byteLength);
  return Buffer.concat([prefix, Buffer.from(padded, 'latin1'), data]);
}

function floatsOf(little: Uint8Array): Float32Array {
  if (endianness() === 'LE') return new Float32Array(little.buffer, little.byteOffset, little.byteLength / 4);
  const view = new DataView(little.buffer, little.byteOffset, little.byteLength);
  return Float32Array.from({ length: little.byteLength / 4 }, (_, index) => view.getFloat32(index * 4, true));
}
