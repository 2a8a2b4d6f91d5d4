import { ELEMENT, GRAPH, node, shapeInitializer, valueInfo, type NodeSpec } from './onnx.js';
import { bytesField } from './protobuf.js';

/** GatherND came with this operator set; older graphs give all rows. */
const LOWEST_OPSET = 11;
/** From this operator set on ReduceMax takes its axes as an input. */
const AXES_BY_INPUT = 18;

/** Input of the edited graph: one float32, the lowest score that counts. */
export const LOWEST_SCORE = 'argus_lowest_score';

/** Outputs [pictures, cells, values] whose rows belong together. The first of them has the score: one column, or the largest value of the row. */
export interface RowSelection {
  readonly outputs: readonly string[];
  readonly column: number | null;
}

/** Outputs of the edited graph beside the whole ones. */
export interface SelectedRows {
  /** int32 [rows, 2]: picture and cell of each row that is left. */
  readonly places: string;
  /** float32 [rows, values], by the manifest's output name. */
  readonly rows: ReadonlyMap<string, string>;
}

export interface SelectionEdit {
  /** To be added to the graph. */
  readonly fields: readonly Uint8Array[];
  readonly selected: readonly SelectedRows[];
}

/**
 * Nodes that find the rows whose score reaches LOWEST_SCORE, and outputs with those alone. Rows keep their order. Nothing for graphs that are too old.
 *
 * @param sourceOf the tensor in the graph behind an output of the manifest.
 */
export function selectRows(selections: readonly RowSelection[], sourceOf: (output: string) => string, opset: number): SelectionEdit {
  if (selections.length === 0 || opset < LOWEST_OPSET) return { fields: [], selected: [] };
  const edits = selections.map((selection, index) => selectOne(selection, `argus_rows_${index}`, sourceOf, opset));
  const lowest = bytesField(GRAPH.input, valueInfo({ name: LOWEST_SCORE, element: ELEMENT.float32, dims: [1] }));
  return { fields: [lowest, ...edits.flatMap(({ fields }) => fields)], selected: edits.flatMap(({ selected }) => selected) };
}

function selectOne({ outputs, column }: RowSelection, name: string, sourceOf: (output: string) => string, opset: number): SelectionEdit {
  const scores = sourceOf(outputs[0] as string);
  const nodes: NodeSpec[] = [];
  const constants: Uint8Array[] = [];
  const constant = (suffix: string, value: number): string => {
    constants.push(shapeInitializer(`${name}_${suffix}`, [value]));
    return `${name}_${suffix}`;
  };
  const add = (type: string, inputs: readonly string[], suffix: string, attributes: Partial<NodeSpec> = {}): string => {
    nodes.push({ type, inputs, output: `${name}_${suffix}`, ...attributes });
    return `${name}_${suffix}`;
  };

  const values = column === null ? scores : add('Gather', [scores, constant('column', column)], 'values', { int: { name: 'axis', value: 2 } });
  const flat = { name: 'keepdims', value: 0 };
  const best = opset < AXES_BY_INPUT ? add('ReduceMax', [values], 'best', { int: flat, ints: { name: 'axes', values: [2] } }) : add('ReduceMax', [values, constant('axis', 2)], 'best', { int: flat });
  const isLeft = add('Not', [add('Less', [best, LOWEST_SCORE], 'is_below')], 'is_left');
  const indices = add('Transpose', [add('NonZero', [isLeft], 'found')], 'indices', { ints: { name: 'perm', values: [1, 0] } });
  const places = add('Cast', [indices], 'places', { int: { name: 'to', value: ELEMENT.int32 } });
  const rows = new Map(outputs.map((output, index) => [output, add('GatherND', [sourceOf(output), indices], `part_${index}`)]));

  const output = (of: string, element: number): Uint8Array => bytesField(GRAPH.output, valueInfo({ name: of, element, dims: null }));
  const fields = [
    ...nodes.map((spec) => bytesField(GRAPH.node, node(spec))),
    ...constants.map((bytes) => bytesField(GRAPH.initializer, bytes)),
    output(places, ELEMENT.int32),
    ...[...rows.values()].map((of) => output(of, ELEMENT.float32)),
  ];
  return { fields, selected: [{ places, rows }] };
}
