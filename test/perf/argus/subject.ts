import type { Pipeline } from '@argus/contracts';
import { cameraOf, configOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import { EngineUnderTest, type ArgusWindow } from './engine-under-test.ts';
import { ProductUnderTest } from './product-under-test.ts';

/** What is compared with the raw side: it serves cameras or none, and is measured while it does. */
export interface Subject {
  /** Resolves when each of these cameras has been analysed; cameras served before and not named are left. */
  serve(urls: readonly string[]): Promise<void>;
  measure(seconds: number): Promise<ArgusWindow>;
  stop(): Promise<void>;
}

/** engine: the engine's processes; product: the supervisor, the gateway and PostgreSQL as well. */
export type SubjectKind = 'engine' | 'product';

export async function startSubject(kind: SubjectKind, pipeline: Pipeline): Promise<Subject> {
  if (kind === 'product') return ProductUnderTest.start(pipeline);
  const engine = await EngineUnderTest.start(configOf([], [], [pipeline]));
  return {
    serve: async (urls) => {
      const cameras = urls.map((url, index) => cameraOf({ name: `Camera ${index + 1}`, url }));
      engine.configure(configOf(cameras, [], [pipeline]));
      await engine.ready(cameras.map(({ id }) => id));
    },
    measure: (seconds) => engine.measure(seconds),
    stop: () => engine.stop(),
  };
}
