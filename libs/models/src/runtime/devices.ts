import { InferenceSession, listSupportedBackends } from 'onnxruntime-node';
import { messageOf } from '@argus/kernel';
import { ELEMENT, modelFile, node, valueInfo } from '../graph/onnx.js';
import { sessionOptions } from './session-options.js';

export const PROVIDERS = ['cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** One way to compute, tried on this machine. */
export interface ModelDevice {
  readonly provider: Provider;
  readonly available: boolean;
  /** Why not; null when available. */
  readonly reason: string | null;
  /** What to do about it; null when available. */
  readonly remedy: string | null;
}

const REMEDY: Readonly<Record<Provider, string>> = {
  cpu: 'reinstall onnxruntime-node for this platform',
  cuda: 'install the NVIDIA driver, CUDA 13 and cuDNN 9, then put the CUDA provider libraries of onnxruntime 1.30 beside its Node binding',
  tensorrt: 'as for cuda, and TensorRT',
  webgpu: 'install a Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS) driver',
  dml: 'Windows only',
  coreml: 'macOS only',
};

/** The compute devices of this machine, cpu first. Each is tried with a one-node graph, not guessed. For `argus doctor`. */
export async function listDevices(providers?: readonly Provider[]): Promise<readonly ModelDevice[]> {
  const known = new Set<string>(listSupportedBackends().map((backend) => backend.name));
  const wanted = providers ?? PROVIDERS.filter((provider) => known.has(provider));
  const devices: ModelDevice[] = [];
  for (const provider of wanted) devices.push(known.has(provider) ? await probe(provider) : absent(provider, 'this build of onnxruntime does not know it'));
  return devices;
}

async function probe(provider: Provider): Promise<ModelDevice> {
  const tensor = { element: ELEMENT.float32, dims: [1] };
  const graph = modelFile({
    inputs: [valueInfo({ name: 'x', ...tensor })],
    outputs: [valueInfo({ name: 'y', ...tensor })],
    nodes: [node({ type: 'Identity', inputs: ['x'], output: 'y' })],
  });
  try {
    const session = await InferenceSession.create(graph, { ...sessionOptions({ threads: 1, provider }), executionProviders: [provider] });
    await session.release();
    return { provider, available: true, reason: null, remedy: null };
  } catch (error) {
    return absent(provider, firstLine(messageOf(error)));
  }
}

const absent = (provider: Provider, reason: string): ModelDevice => ({ provider, available: false, reason, remedy: REMEDY[provider] });

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 300);

/** The device that will be used when this one is asked for. */
export async function chooseDevice(wanted: Provider): Promise<{ provider: Provider; fallback: string | null }> {
  if (wanted === 'cpu') return { provider: 'cpu', fallback: null };
  const [device] = await listDevices([wanted]);
  if (device?.available) return { provider: wanted, fallback: null };
  return { provider: 'cpu', fallback: `${wanted} is not available: ${device?.reason ?? 'unknown'}; using cpu` };
}
