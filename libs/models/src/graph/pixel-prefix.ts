import type { ModelInput } from '@argus/contracts';
import { ELEMENT, GRAPH, MODEL, node, readValueInfo, valueInfo, type Dim, type ValueInfo } from './onnx.js';
import { stepsOf } from './prefix-steps.js';
import { bytesField, fieldsOf, findField, message, textOf } from './protobuf.js';
import { selectRows, type RowSelection, type SelectedRows } from './select-rows.js';

/** Lowest operator set whose Sub and Div broadcast like NumPy. */
const LOWEST_OPSET = 7;
const PIXELS = 'argus_pixels';

/** A model whose input is bytes as cameras give them and whose outputs are float32. */
export interface PixelModel {
  readonly bytes: Uint8Array;
  /** Input: uint8 [batch, height, width, 3], channels in the manifest's colour order. */
  readonly inputName: string;
  /** Pictures per run; null: any number. */
  readonly batch: number | null;
  /** Session output by the manifest's output name. */
  readonly outputNames: ReadonlyMap<string, string>;
  /** Outputs with only the rows that count; then the graph wants LOWEST_SCORE as an input. Empty: whole outputs only. */
  readonly selected: readonly SelectedRows[];
}

/**
 * Folds preparation into the graph: uint8 HWC -> (Transpose) -> Cast -> Sub mean -> Div std -> (Cast) -> the model's own input,
 * and behind outputs of other types a Cast to float32, behind those of `selections` the selection of rows. Everything else of the file is copied as it is.
 * Throws RangeError naming what does not fit between manifest and graph.
 */
export function addPixelPrefix(file: Uint8Array, input: ModelInput, outputs: readonly string[], selections: readonly RowSelection[] = []): PixelModel {
  const opset = requireOpset(file);
  const graph = findField(file, MODEL.graph)?.body;
  if (!graph) throw new RangeError('expected an ONNX model with a graph');
  const source = requireInput(graph, input);
  const batch = batchOf(source, input);
  const prefix = prefixNodes(input, source);
  const casts = castsOf(graph, outputs);
  const { fields, selected } = selectRows(selections, (output) => casts.get(output) ?? output, opset);
  const edited = message(
    ...prefix.nodes.map((bytes) => bytesField(GRAPH.node, bytes)),
    ...prefix.constants.map((bytes) => bytesField(GRAPH.initializer, bytes)),
    ...[...fieldsOf(graph)].map((field) => {
      if (field.number === GRAPH.input && readValueInfo(field.body).name === input.name) return bytesField(GRAPH.input, valueInfo({ name: PIXELS, element: ELEMENT.uint8, dims: [batch ?? 'batch', input.height, input.width, 3] }));
      if (field.number === GRAPH.output) return bytesField(GRAPH.output, castOutput(field.body, casts));
      return field.raw;
    }),
    ...[...casts].filter(([from, to]) => from !== to).map(([from, to]) => bytesField(GRAPH.node, node({ type: 'Cast', inputs: [from], output: to, int: { name: 'to', value: ELEMENT.float32 } }))),
    ...fields,
  );
  const bytes = message(...[...fieldsOf(file)].map((field) => (field.number === MODEL.graph ? bytesField(MODEL.graph, edited) : field.raw)));
  return { bytes, inputName: PIXELS, batch, outputNames: casts, selected };
}

function requireOpset(file: Uint8Array): number {
  const opsets = [...fieldsOf(file)].filter((field) => field.number === MODEL.opset).map((field) => field.body);
  const own = opsets.find((body) => ['', 'ai.onnx'].includes(textOf(findField(body, 1))));
  const version = own && findField(own, 2)?.value;
  if (version === undefined || version < LOWEST_OPSET) throw new RangeError(`expected operator set ${LOWEST_OPSET} or newer, got ${version ?? 'none'}`);
  return version;
}

function requireInput(graph: Uint8Array, input: ModelInput): ValueInfo {
  const fields = [...fieldsOf(graph)];
  const constants = new Set(fields.filter((field) => field.number === GRAPH.initializer).map((field) => textOf(findField(field.body, 8))));
  // Old exporters list constants among the inputs.
  const inputs = fields.filter((field) => field.number === GRAPH.input).map((field) => readValueInfo(field.body)).filter((info) => !constants.has(info.name));
  const found = inputs.find((info) => info.name === input.name);
  if (!found || inputs.length !== 1) throw new RangeError(`expected one input named '${input.name}', got ${inputs.map((info) => `'${info.name}'`).join(', ') || 'none'}`);
  if (found.element !== ELEMENT[input.type]) throw new RangeError(`expected input type ${input.type}, got ${elementName(found.element)}`);
  return found;
}

const elementName = (element: number): string => Object.entries(ELEMENT).find(([, number]) => number === element)?.[0] ?? `ONNX type ${element}`;

function batchOf(source: ValueInfo, input: ModelInput): number | null {
  const wanted: Dim[] = input.layout === 'nchw' ? [3, input.height, input.width] : [input.height, input.width, 3];
  const dims = source.dims;
  if (dims === null) return null;
  const [batch, ...rest] = dims;
  const fits = dims.length === 4 && rest.every((dim, index) => typeof dim === 'string' || dim === wanted[index]);
  if (!fits) throw new RangeError(`expected input shape Nx${wanted.join('x')} (${input.layout}), got ${dims.join('x')}`);
  return typeof batch === 'number' ? batch : null;
}

/**
 * uint8 [N,H,W,3] to the model's own input. The step to planes is a transpose of [N,H*W,3] between two reshapes: a four-dimensional one
 * is moved into the network by ONNX Runtime's optimizer, where it costs a tenth of the whole run (NanoDet-g on one core: 23.7 ms so, 20.6 ms
 * with the reshapes, 20.7 ms for the bare network).
 */
function prefixNodes(input: ModelInput, source: ValueInfo): { nodes: Uint8Array[]; constants: Uint8Array[] } {
  const steps = stepsOf(input);
  const nameAfter = (index: number) => (index === steps.length - 1 ? source.name : `argus_step_${index}`);
  const nodes = steps.map(({ spec, constants }, index) => node({ ...spec, inputs: [index === 0 ? PIXELS : nameAfter(index - 1), ...Object.keys(constants ?? {})], output: nameAfter(index) }));
  return { nodes, constants: steps.flatMap(({ constants }) => Object.values(constants ?? {})) };
}

function castsOf(graph: Uint8Array, outputs: readonly string[]): Map<string, string> {
  const present = new Map<string, number>();
  for (const field of fieldsOf(graph)) {
    if (field.number !== GRAPH.output) continue;
    const info = readValueInfo(field.body);
    present.set(info.name, info.element);
  }
  const casts = new Map<string, string>();
  for (const name of outputs) {
    const element = present.get(name);
    if (element === undefined) throw new RangeError(`expected an output named '${name}', got ${[...present.keys()].map((key) => `'${key}'`).join(', ')}`);
    casts.set(name, element === ELEMENT.float32 ? name : `${name}_argus_float32`);
  }
  return casts;
}

function castOutput(body: Uint8Array, casts: ReadonlyMap<string, string>): Uint8Array {
  const info = readValueInfo(body);
  const to = casts.get(info.name);
  return to === undefined || to === info.name ? body : valueInfo({ name: to, element: ELEMENT.float32, dims: info.dims });
}
