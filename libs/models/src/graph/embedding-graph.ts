import { ELEMENT, GRAPH, MODEL, NODE, node, valueInfo } from './onnx.js';
import { bytesField, fieldsOf, findField, message, textOf } from './protobuf.js';

/** The only output of the edited graph: float32 [pictures, channels]. */
export const EMBEDDING = 'argus_embedding';
const POOLED = 'argus_pooled';

/**
 * The same model with the mean of each channel of `tensorName` (any tensor [pictures, channels, height, width] inside the graph) as its only output. What
 * leads to the old outputs and to nothing else is left out by the runtime when it opens the graph, so that a picture costs less than a detection.
 * Throws RangeError where the graph has no such tensor.
 */
export function embeddingGraph(modelBytes: Uint8Array, tensorName: string): Uint8Array {
  const graph = findField(modelBytes, MODEL.graph)?.body;
  if (!graph) throw new RangeError('expected an ONNX model with a graph');
  const fields = [...fieldsOf(graph)];
  const isThere = fields.some((field) => field.number === GRAPH.node && [...fieldsOf(field.body)].some((one) => one.number === NODE.output && textOf(one) === tensorName));
  if (!isThere) throw new RangeError(`expected a tensor named '${tensorName}' that a node of the graph makes, found none`);
  const edited = message(
    ...fields.filter((field) => field.number !== GRAPH.output).map((field) => field.raw),
    bytesField(GRAPH.node, node({ type: 'GlobalAveragePool', inputs: [tensorName], output: POOLED })),
    bytesField(GRAPH.node, node({ type: 'Flatten', inputs: [POOLED], output: EMBEDDING, int: { name: 'axis', value: 1 } })),
    bytesField(GRAPH.output, valueInfo({ name: EMBEDDING, element: ELEMENT.float32, dims: null })),
  );
  return message(...[...fieldsOf(modelBytes)].map((field) => (field.number === MODEL.graph ? bytesField(MODEL.graph, edited) : field.raw)));
}
