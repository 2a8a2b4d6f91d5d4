import { env, type InferenceSession } from 'onnxruntime-node';

export interface SessionSettings {
  /** Threads of one session; one gives the same bytes on every run. */
  readonly threads: number;
  readonly provider: string;
  /** Which of several GPUs, from 0. */
  readonly deviceIndex?: number;
}

/** Options of a session that costs nothing while it waits. */
export function sessionOptions({ threads, provider, deviceIndex = 0 }: SessionSettings): InferenceSession.SessionOptions {
  // What fails is thrown; printed as well it only frightens whoever runs `argus doctor` without a GPU.
  env.logLevel = 'fatal';
  return {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider === 'cuda' || provider === 'tensorrt' ? { name: provider, deviceId: deviceIndex } : provider, 'cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    // Spinning threads burn a core between frames to save microseconds.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  };
}
