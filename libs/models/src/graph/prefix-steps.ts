import type { ModelInput } from '@argus/contracts';
import { ELEMENT, floatInitializer, shapeInitializer, type NodeSpec } from './onnx.js';

/** One node of the chain from pixels to a model's input. */
export interface PrefixStep {
  readonly spec: Omit<NodeSpec, 'inputs' | 'output'>;
  /** Further inputs by name. */
  readonly constants?: Readonly<Record<string, Uint8Array>>;
}

const cast = (element: number): PrefixStep => ({ spec: { type: 'Cast', int: { name: 'to', value: element } } });

/** Only the steps that do something, in order; at least one. */
export function stepsOf(input: ModelInput): PrefixStep[] {
  const planar = input.layout === 'nchw';
  const arithmetic = arithmeticOf(input, planar ? [1, 3, 1] : [1, 1, 1, 3]);
  const element = ELEMENT[input.type];
  const types = arithmetic.length > 0 ? [cast(ELEMENT.float32), ...arithmetic, ...(element === ELEMENT.float32 ? [] : [cast(element)])] : element === ELEMENT.uint8 ? [] : [cast(element)];
  if (!planar) return types.length > 0 ? types : [{ spec: { type: 'Identity' } }];
  const reshape = (name: string, shape: readonly number[]): PrefixStep => ({ spec: { type: 'Reshape' }, constants: { [name]: shapeInitializer(name, shape) } });
  // The transpose comes first: it moves one byte a value there, four after the cast. 0 in a shape: as many as there are.
  return [
    reshape('argus_rows', [0, input.height * input.width, 3]),
    { spec: { type: 'Transpose', ints: { name: 'perm', values: [0, 2, 1] } } },
    ...types,
    reshape('argus_planes', [0, 3, input.height, input.width]),
  ];
}

function arithmeticOf({ mean, std }: ModelInput, dims: readonly number[]): PrefixStep[] {
  const step = (type: string, name: string, values: readonly number[]): PrefixStep => ({ spec: { type }, constants: { [name]: floatInitializer(name, dims, values) } });
  return [
    ...(mean.some((value) => value !== 0) ? [step('Sub', 'argus_mean', mean)] : []),
    ...(std.some((value) => value !== 1) ? [step('Div', 'argus_std', std)] : []),
  ];
}
