import type { Camera, CameraId, EngineToGateway, Rule, Zone } from '@argus/contracts';
import { ruleOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import type { EngineUnderTest } from './engine-under-test.ts';
import { ageMs } from './film-clock.ts';

const LINES = [0.2, 0.35, 0.5, 0.65, 0.8];

/** Upright lines across the street, and a rule for each that is confirmed at once: every walker makes an event at each. */
export const lines: readonly Zone[] = LINES.map((x, index) => ({ name: `Line ${index + 1}`, kind: 'line', points: [{ x, y: 0 }, { x, y: 1 }] }));
export const lineRules = (): Rule[] =>
  lines.map(({ name }) => ruleOf({ name, labels: ['person'], condition: { kind: 'line', zone: name, direction: 'any' }, hysteresis: 0, cooldownSeconds: 0, confirmDeadlineSeconds: 0 }));

/** What the gateway waits for: confirmed events, or the overlays of cameras that somebody watches. */
export type Heard = 'confirmed events' | 'overlays';

/** From the moment in which a camera filmed a picture to the moment in which the gateway heard of what is in it, milliseconds. */
export class Latency {
  readonly values: number[] = [];
  readonly #what: Heard;
  readonly #bornAtMs: number;
  readonly #starts: ReadonlyMap<CameraId, number>;
  #listening = false;

  constructor(engine: EngineUnderTest, what: Heard, bornAtMs: number, starts: readonly { readonly camera: Camera; readonly startSeconds: number }[]) {
    this.#what = what;
    this.#bornAtMs = bornAtMs;
    this.#starts = new Map(starts.map(({ camera, startSeconds }) => [camera.id, startSeconds]));
    engine.fixture.gateway.onMessage = (message) => this.#hear(message, Date.now());
  }

  listen(on: boolean): void {
    this.#listening = on;
  }

  #hear(message: EngineToGateway, heardMs: number): void {
    const picture = this.#listening ? this.#pictureOf(message) : null;
    if (picture) this.values.push(ageMs(heardMs, this.#bornAtMs, this.#starts.get(picture.cameraId) ?? 0, picture.ptsUs / 1000));
  }

  #pictureOf(message: EngineToGateway): { readonly cameraId: CameraId; readonly ptsUs: number } | null {
    if (this.#what === 'confirmed events') return message.type === 'event' && message.event.state === 'confirmed' ? message.event : null;
    return message.type === 'live' && message.message.type === 'overlay' ? { cameraId: message.cameraId, ptsUs: message.message.ptsUs } : null;
  }
}
