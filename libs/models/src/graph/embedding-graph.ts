import { ELEMENT, GRAPH, MODEL, NODE, node, valueInfo } from './onnx.js';
import { bytesField, fieldsOf, findField, message, textOf, type ProtoField } from './protobuf.js';

/** The only output of the edited graph: float32 [pictures, channels]. */
export const EMBEDDING = 'argus_embedding';
const POOLED = 'argus_pooled';

/** Nodes with graphs inside, which take tensors from around them without naming them as inputs. */
const WITH_GRAPHS = new Set(['If', 'Loop', 'Scan']);

/**
 * The same model with the mean of each channel of `tensorName` (any tensor [pictures, channels, height, width] inside the graph) as its only output. Nodes
 * that do not lead there are left out: the runtime would compute them all the same. Throws RangeError where the graph has no such tensor.
 */
export function embeddingGraph(modelBytes: Uint8Array, tensorName: string): Uint8Array {
  const graph = findField(modelBytes, MODEL.graph)?.body;
  if (!graph) throw new RangeError('expected an ONNX model with a graph');
  const fields = [...fieldsOf(graph)];
  const needed = nodesBefore(fields.filter(({ number }) => number === GRAPH.node), tensorName);
  const kept = fields.filter((field) => field.number !== GRAPH.output && (field.number !== GRAPH.node || needed.has(field)));
  const edited = message(
    ...kept.map((field) => field.raw),
    bytesField(GRAPH.node, node({ type: 'GlobalAveragePool', inputs: [tensorName], output: POOLED })),
    bytesField(GRAPH.node, node({ type: 'Flatten', inputs: [POOLED], output: EMBEDDING, int: { name: 'axis', value: 1 } })),
    bytesField(GRAPH.output, valueInfo({ name: EMBEDDING, element: ELEMENT.float32, dims: null })),
  );
  return message(...[...fieldsOf(modelBytes)].map((field) => (field.number === MODEL.graph ? bytesField(MODEL.graph, edited) : field.raw)));
}

/** The nodes that a tensor is made by, back to the inputs. */
function nodesBefore(nodes: readonly ProtoField[], tensorName: string): ReadonlySet<ProtoField> {
  const makers = new Map(nodes.flatMap((field) => namesOf(field, NODE.output).map((name) => [name, field] as const)));
  const last = makers.get(tensorName);
  if (last === undefined) throw new RangeError(`expected a tensor named '${tensorName}' that a node of the graph makes, found none`);
  if (nodes.some((field) => WITH_GRAPHS.has(textOf(findField(field.body, NODE.opType))))) return new Set(nodes);
  const needed = new Set([last]);
  // A set is visited in the order in which it grows.
  for (const field of needed) {
    for (const name of namesOf(field, NODE.input)) {
      const maker = makers.get(name);
      if (maker) needed.add(maker);
    }
  }
  return needed;
}

const namesOf = (field: ProtoField, number: number): string[] => [...fieldsOf(field.body)].filter((one) => one.number === number).map(textOf);
