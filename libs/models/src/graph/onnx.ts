import { bytesField, fieldsOf, findField, message, numberField, textOf } from './protobuf.js';

/** Field numbers of onnx.proto that Argus reads or writes. */
export const MODEL = { irVersion: 1, graph: 7, opset: 8 } as const;
export const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;
export const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, int: 3, ints: 8, type: 20 } as const;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const TENSOR = { dims: 1, type: 2, name: 8, raw: 9 } as const;

/** Element types by their ONNX numbers. */
export const ELEMENT = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;

/** A dimension of an input: a fixed size, or the name of a size that is free. */
export type Dim = number | string;

export interface ValueInfo {
  readonly name: string;
  readonly element: number;
  /** Null when the graph does not say. */
  readonly dims: readonly Dim[] | null;
}

/** Name, element type and shape of a graph input or output. */
export function readValueInfo(bytes: Uint8Array): ValueInfo {
  const tensor = findField(findField(bytes, 2)?.body ?? new Uint8Array(0), 1)?.body ?? new Uint8Array(0);
  const shape = findField(tensor, 2);
  const dims = shape && [...fieldsOf(shape.body)].filter((field) => field.number === 1).map((field) => readDim(field.body));
  return { name: textOf(findField(bytes, 1)), element: findField(tensor, 1)?.value ?? 0, dims: dims ?? null };
}

function readDim(bytes: Uint8Array): Dim {
  const fixed = findField(bytes, 1);
  // Some exporters write -1 for a free size: as an unsigned varint that is huge.
  if (fixed && fixed.value < 2 ** 31) return fixed.value;
  return textOf(findField(bytes, 2)) || '?';
}

export function valueInfo(info: { name: string; element: number; dims: readonly Dim[] | null }): Uint8Array {
  const dims = (info.dims ?? []).map((dim) => bytesField(1, typeof dim === 'number' ? numberField(1, dim) : bytesField(2, dim)));
  const shape = info.dims ? bytesField(2, message(...dims)) : new Uint8Array(0);
  return message(bytesField(1, info.name), bytesField(2, bytesField(1, message(numberField(1, info.element), shape))));
}

export interface NodeSpec {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly int?: { name: string; value: number };
  readonly ints?: { name: string; values: readonly number[] };
}

/** A node of the default operator set with at most one attribute. */
export function node(spec: NodeSpec): Uint8Array {
  const attributes: Uint8Array[] = [];
  if (spec.int) attributes.push(message(bytesField(ATTRIBUTE.name, spec.int.name), numberField(ATTRIBUTE.int, spec.int.value), numberField(ATTRIBUTE.type, ATTRIBUTE_INT)));
  if (spec.ints) {
    const values = spec.ints.values.map((value) => numberField(ATTRIBUTE.ints, value));
    attributes.push(message(bytesField(ATTRIBUTE.name, spec.ints.name), ...values, numberField(ATTRIBUTE.type, ATTRIBUTE_INTS)));
  }
  return message(
    ...spec.inputs.map((name) => bytesField(NODE.input, name)),
    bytesField(NODE.output, spec.output),
    bytesField(NODE.name, spec.output),
    bytesField(NODE.opType, spec.type),
    ...attributes.map((attribute) => bytesField(NODE.attribute, attribute)),
  );
}

/** A constant vector of whole numbers, e.g. a shape. */
export function shapeInitializer(name: string, values: readonly number[]): Uint8Array {
  const raw = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) raw.writeBigInt64LE(BigInt(value), index * 8);
  return message(numberField(TENSOR.dims, values.length), numberField(TENSOR.type, ELEMENT.int64), bytesField(TENSOR.name, name), bytesField(TENSOR.raw, raw));
}

/** A float32 constant. */
export function floatInitializer(name: string, dims: readonly number[], values: readonly number[]): Uint8Array {
  const raw = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) raw.writeFloatLE(value, index * 4);
  return message(...dims.map((dim) => numberField(TENSOR.dims, dim)), numberField(TENSOR.type, ELEMENT.float32), bytesField(TENSOR.name, name), bytesField(TENSOR.raw, raw));
}

export interface GraphSpec {
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
  readonly nodes: readonly Uint8Array[];
  readonly initializers?: readonly Uint8Array[];
}

/** A whole model file, for the device probe and for tests. */
export function modelFile(graph: GraphSpec, opset = 13): Uint8Array {
  const body = message(
    ...graph.nodes.map((bytes) => bytesField(GRAPH.node, bytes)),
    bytesField(GRAPH.name, 'argus'),
    ...(graph.initializers ?? []).map((bytes) => bytesField(GRAPH.initializer, bytes)),
    ...graph.inputs.map((bytes) => bytesField(GRAPH.input, bytes)),
    ...graph.outputs.map((bytes) => bytesField(GRAPH.output, bytes)),
  );
  return message(numberField(MODEL.irVersion, 7), bytesField(MODEL.graph, body), bytesField(MODEL.opset, numberField(2, opset)));
}
