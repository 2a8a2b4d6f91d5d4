import { describe, expect, it } from 'vitest';
import { EMBEDDING, embeddingGraph } from './embedding-graph.js';
import { ELEMENT, GRAPH, MODEL, modelFile, node, NODE, readValueInfo, valueInfo } from './onnx.js';
import { fieldsOf, findField, textOf } from './protobuf.js';

const picture = (name: string) => valueInfo({ name, element: ELEMENT.float32, dims: [1, 3, 8, 8] });
const chain = (types: readonly (readonly [string, string, string])[]) => modelFile({ inputs: [picture('x')], outputs: [picture('out')], nodes: types.map(([type, from, output]) => node({ type, inputs: [from], output })) });

function shapeOf(file: Uint8Array): { nodes: string[]; outputs: string[] } {
  const fields = [...fieldsOf(findField(file, MODEL.graph)?.body ?? new Uint8Array(0))];
  return {
    nodes: fields.filter(({ number }) => number === GRAPH.node).map(({ body }) => textOf(findField(body, NODE.opType))),
    outputs: fields.filter(({ number }) => number === GRAPH.output).map(({ body }) => readValueInfo(body).name),
  };
}

describe('the graph of an embedding', () => {
  const file = chain([['Relu', 'x', 'a'], ['Neg', 'a', 'b'], ['Abs', 'b', 'c'], ['Exp', 'c', 'out'], ['Sqrt', 'a', 'side']]);

  it('has what leads to the tensor, the mean of its channels, and no other output', () => {
    expect(shapeOf(embeddingGraph(file, 'b'))).toEqual({ nodes: ['Relu', 'Neg', 'GlobalAveragePool', 'Flatten'], outputs: [EMBEDDING] });
  });

  it('keeps everything where nodes hold graphs, whose inputs are not named', () => {
    expect(shapeOf(embeddingGraph(chain([['Relu', 'x', 'a'], ['If', 'a', 'b'], ['Exp', 'a', 'out']]), 'b')).nodes).toEqual(['Relu', 'If', 'Exp', 'GlobalAveragePool', 'Flatten']);
  });

  it('is refused for tensors that no node makes', () => {
    expect(() => embeddingGraph(file, 'x')).toThrow(/'x' that a node of the graph makes/);
    expect(() => embeddingGraph(new Uint8Array(0), 'a')).toThrow(/with a graph/);
  });
});
