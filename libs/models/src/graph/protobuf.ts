/** Wire types of the protobuf encoding that ONNX files use. */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/** One field of a message. `start..end` are its bytes including the tag; `body` those of a length-delimited value. */
export interface ProtoField {
  readonly number: number;
  readonly wire: number;
  readonly value: number;
  readonly body: Uint8Array;
  readonly raw: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/**
 * Walks the fields of one message in file order without decoding what lies inside them, so that everything Argus does not
 * touch is copied byte for byte. Values are read as doubles: exact up to 2^53, and ONNX has no larger ones that matter here.
 */
export function* fieldsOf(message: Uint8Array): Generator<ProtoField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError(`expected a protobuf varint at byte ${at}`);
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const wire = tag % 8;
    let value = 0;
    let body: Uint8Array = NOTHING;
    if (wire === VARINT) value = varint();
    else {
      const length = wire === BYTES ? varint() : wire === FIXED32 ? 4 : wire === FIXED64 ? 8 : Number.NaN;
      if (!(at + length <= message.length)) throw new RangeError(`expected a protobuf field within ${message.length} bytes, got type ${wire} at byte ${start}`);
      body = message.subarray(at, at + length);
      at += length;
    }
    yield { number: Math.floor(tag / 8), wire, value, body, raw: message.subarray(start, at) };
  }
}

/** The first field with this number; undefined when the message has none. */
export function findField(message: Uint8Array, number: number): ProtoField | undefined {
  for (const field of fieldsOf(message)) if (field.number === number) return field;
  return undefined;
}

export const textOf = (field: ProtoField | undefined): string => Buffer.from(field?.body ?? NOTHING).toString('utf8');

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.from([...bytes, rest]);
}

/** A field with a non-negative whole number. */
export const numberField = (number: number, value: number): Uint8Array => Buffer.concat([varintBytes(number * 8 + VARINT), varintBytes(value)]);

/** A length-delimited field: text, bytes or an embedded message. */
export function bytesField(number: number, value: Uint8Array | string): Uint8Array {
  const body = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([varintBytes(number * 8 + BYTES), varintBytes(body.length), body]);
}

export const message = (...fields: readonly Uint8Array[]): Uint8Array => Buffer.concat(fields);
