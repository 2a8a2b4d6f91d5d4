import { GRAPH, MODEL, NODE, ELEMENT, readValueInfo, shapeInitializer, valueInfo } from './onnx.js';
import { bytesField, fieldsOf, findField, message, textOf, type ProtoField } from './protobuf.js';

/** Names of the tensors that say into which shape something is folded; they tend to hold the number of pictures as a constant. */
export function shapesOfReshapes(file: Uint8Array): string[] {
  return [...new Set(nodesOf(file).filter((field) => opOf(field) === 'Reshape').map((field) => inputsOf(field)[1] ?? '').filter((name) => name !== ''))];
}

/** The same model with these tensors (int64) as further outputs, so that one run tells what they are. */
export function withOutputs(file: Uint8Array, names: readonly string[]): Uint8Array {
  return editGraph(file, (fields) => [...fields.map((field) => field.raw), ...names.map((name) => bytesField(GRAPH.output, valueInfo({ name, element: ELEMENT.int64, dims: null })))]);
}

/**
 * A model fixed to one picture a run, made to take any number: the first dimension of input and outputs is free, and where something is folded into
 * a shape that begins with 1, that place becomes "as many as there are". Whether the network really treats pictures apart is not known from
 * that: whoever uses the result compares it with the original.
 *
 * @param shapes what the tensors of `shapesOfReshapes` are in a run of one picture.
 */
export function freeBatch(file: Uint8Array, inputName: string, shapes: ReadonlyMap<string, readonly number[]>): Uint8Array {
  const freed = new Map([...shapes].filter(([, shape]) => shape[0] === 1).map(([name, shape]) => [name, [shape.includes(-1) ? 0 : -1, ...shape.slice(1)]]));
  return editGraph(file, (fields) => [
    ...fields.filter((field) => field.number !== GRAPH.valueInfo).map((field) => {
      if (field.number === GRAPH.input && readValueInfo(field.body).name === inputName) return bytesField(GRAPH.input, freeFirst(field.body));
      if (field.number === GRAPH.output) return bytesField(GRAPH.output, freeFirst(field.body));
      return field.number === GRAPH.node && opOf(field) === 'Reshape' ? bytesField(GRAPH.node, refold(field.body, freed)) : field.raw;
    }),
    ...[...freed].map(([name, shape]) => bytesField(GRAPH.initializer, shapeInitializer(`${name}_argus_free`, shape))),
  ]);
}

function editGraph(file: Uint8Array, edit: (fields: readonly ProtoField[]) => readonly Uint8Array[]): Uint8Array {
  return message(...[...fieldsOf(file)].map((field) => (field.number === MODEL.graph ? bytesField(MODEL.graph, message(...edit([...fieldsOf(field.body)]))) : field.raw)));
}

function freeFirst(body: Uint8Array): Uint8Array {
  const info = readValueInfo(body);
  return info.dims === null ? body : valueInfo({ ...info, dims: ['argus_batch', ...info.dims.slice(1)] });
}

function refold(node: Uint8Array, freed: ReadonlyMap<string, unknown>): Uint8Array {
  let at = -1;
  return message(
    ...[...fieldsOf(node)].map((field) => {
      if (field.number !== NODE.input) return field.raw;
      at += 1;
      const name = textOf(field);
      return at === 1 && freed.has(name) ? bytesField(NODE.input, `${name}_argus_free`) : field.raw;
    }),
  );
}

const nodesOf = (file: Uint8Array): ProtoField[] => [...fieldsOf(findField(file, MODEL.graph)?.body ?? new Uint8Array(0))].filter((field) => field.number === GRAPH.node);
const opOf = (field: ProtoField): string => textOf(findField(field.body, NODE.opType));
const inputsOf = (field: ProtoField): string[] => [...fieldsOf(field.body)].filter((one) => one.number === NODE.input).map(textOf);
