import { ModelInput } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tinyModel } from '../../test/tiny-package.js';
import { ELEMENT, GRAPH, MODEL, modelFile, node, readValueInfo, valueInfo } from './onnx.js';
import { addPixelPrefix } from './pixel-prefix.js';
import { bytesField, fieldsOf, findField, message, numberField, textOf } from './protobuf.js';

const input = (changes: Partial<ModelInput> = {}): ModelInput => ModelInput.parse({ name: 'image', width: 8, height: 8, layout: 'nchw', type: 'float32', color: 'rgb', resize: 'stretch', ...changes });

const graphOf = (file: Uint8Array) => [...fieldsOf(findField(file, MODEL.graph)?.body ?? new Uint8Array(0))];
const opsOf = (file: Uint8Array) => graphOf(file).filter((field) => field.number === GRAPH.node).map((field) => textOf(findField(field.body, 4)));

describe('protobuf', () => {
  it('reads what it wrote, and keeps every byte of what it does not know', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.oneof(fc.integer({ min: 0, max: 2 ** 40 }), fc.uint8Array({ maxLength: 200 })))), (list) => {
        const bytes = message(...list.map(([number, value]) => (typeof value === 'number' ? numberField(number, value) : bytesField(number, value))));
        const fields = [...fieldsOf(bytes)];
        expect(fields.map((field) => field.number)).toEqual(list.map(([number]) => number));
        for (const [index, [, value]] of list.entries()) {
          const field = fields[index];
          if (typeof value === 'number') expect(field?.value).toBe(value);
          else expect(Buffer.from(field?.body ?? []).equals(value)).toBe(true);
        }
        expect(Buffer.concat(fields.map((field) => field.raw)).equals(bytes)).toBe(true);
      }),
    );
  });

  it.each([[Uint8Array.of(0x0a, 5, 1)], [Uint8Array.of(0x80)], [Uint8Array.of(0x0b, 1)]])('refuses a cut or unknown field: %s', (bytes) => {
    expect(() => [...fieldsOf(bytes)]).toThrow(RangeError);
  });
});

describe('addPixelPrefix', () => {
  it('puts only the steps that do something before the graph', () => {
    const ops = (changes: Partial<ModelInput>) => opsOf(addPixelPrefix(tinyModel(), input(changes), ['means']).bytes).slice(0, -2);
    expect(ops({})).toEqual(['Reshape', 'Transpose', 'Cast', 'Reshape']);
    expect(ops({ mean: [1, 2, 3] })).toEqual(['Reshape', 'Transpose', 'Cast', 'Sub', 'Reshape']);
    expect(ops({ std: [1, 2, 3] })).toEqual(['Reshape', 'Transpose', 'Cast', 'Div', 'Reshape']);
    expect(ops({ mean: [1, 2, 3], std: [1, 2, 3] })).toEqual(['Reshape', 'Transpose', 'Cast', 'Sub', 'Div', 'Reshape']);
  });

  it('makes pixels the only input and leaves the old nodes as they were', () => {
    const before = tinyModel();
    const { bytes, inputName, batch } = addPixelPrefix(before, input(), ['means']);
    const inputs = graphOf(bytes).filter((field) => field.number === GRAPH.input).map((field) => readValueInfo(field.body));
    expect(inputs).toEqual([{ name: inputName, element: ELEMENT.uint8, dims: [1, 8, 8, 3] }]);
    expect(batch).toBe(1);
    const nodes = (file: Uint8Array) => graphOf(file).filter((field) => field.number === GRAPH.node).map((field) => Buffer.from(field.raw).toString('hex'));
    expect(nodes(bytes).slice(-2)).toEqual(nodes(before));
  });

  it('casts outputs of other types behind the graph', () => {
    const half = modelFile({
      inputs: [valueInfo({ name: 'image', element: ELEMENT.float16, dims: ['n', 3, 8, 8] })],
      outputs: [valueInfo({ name: 'y', element: ELEMENT.float16, dims: ['n', 3, 8, 8] })],
      nodes: [node({ type: 'Identity', inputs: ['image'], output: 'y' })],
    });
    const { bytes, outputNames, batch } = addPixelPrefix(half, input({ type: 'float16' }), ['y']);
    expect(opsOf(bytes)).toEqual(['Reshape', 'Transpose', 'Cast', 'Reshape', 'Identity', 'Cast']);
    expect(outputNames.get('y')).toBe('y_argus_float32');
    expect(batch).toBeNull();
  });

  it.each<[string, Partial<ModelInput>, string[], RegExp]>([
    ['an input of another name', { name: 'pixels' }, ['means'], /one input named 'pixels', got 'image'/],
    ['another type', { type: 'float16' }, ['means'], /input type float16, got float32/],
    ['another size', { width: 9 }, ['means'], /Nx3x8x9 \(nchw\), got 1x3x8x8/],
    ['another layout', { layout: 'nhwc' }, ['means'], /Nx8x8x3 \(nhwc\), got 1x3x8x8/],
    ['an output that is not there', {}, ['means', 'boxes'], /output named 'boxes', got 'means'/],
  ])('refuses %s', (_what, changes, outputs, expected) => {
    expect(() => addPixelPrefix(tinyModel(), input(changes), outputs)).toThrow(expected);
  });

  it('refuses what is no ONNX model, and too old ones', () => {
    expect(() => addPixelPrefix(Buffer.from('hello'), input(), ['means'])).toThrow(RangeError);
    expect(() => addPixelPrefix(modelFile({ inputs: [], outputs: [], nodes: [] }, 6), input(), [])).toThrow(/operator set 7 or newer, got 6/);
  });
});
