import type { Camera, CameraId, EngineToGateway, Rule, Zone } from '@argus/contracts';
import { ruleOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import type { EngineUnderTest } from './engine-under-test.ts';

/** Distance of key frames in our clips, on which every connection begins. */
const GROUP_MS = 2000;
const LINES = [0.2, 0.35, 0.5, 0.65, 0.8];

/** Upright lines across the street, and a rule for each that is confirmed at once: every walker makes an event at each. */
export const lines: readonly Zone[] = LINES.map((x, index) => ({ name: `Line ${index + 1}`, kind: 'line', points: [{ x, y: 0 }, { x, y: 1 }] }));
export const lineRules = (): Rule[] =>
  lines.map(({ name }) => ruleOf({ name, labels: ['person'], condition: { kind: 'line', zone: name, direction: 'any' }, hysteresis: 0, cooldownSeconds: 0, confirmDeadlineSeconds: 0 }));

/**
 * How long it took from the moment in which a camera filmed a picture to the moment in which the gateway heard of the confirmed
 * event in it, milliseconds. Media time begins at the key frame with which a connection began; key frames are 2 s apart, so the
 * moment of filming is known but for a multiple of 2 s, and no event is that late.
 */
export class EventLatency {
  readonly values: number[] = [];
  readonly #bornAtMs: number;
  readonly #startMs: ReadonlyMap<CameraId, number>;
  #listening = false;

  constructor(engine: EngineUnderTest, bornAtMs: number, starts: readonly { readonly camera: Camera; readonly startSeconds: number }[]) {
    this.#bornAtMs = bornAtMs;
    this.#startMs = new Map(starts.map(({ camera, startSeconds }) => [camera.id, startSeconds * 1000]));
    engine.fixture.gateway.onMessage = (message) => this.#hear(message, Date.now());
  }

  listen(on: boolean): void {
    this.#listening = on;
  }

  #hear(message: EngineToGateway, heardMs: number): void {
    if (!this.#listening || message.type !== 'event' || message.event.state !== 'confirmed') return;
    const { cameraId, ptsUs } = message.event;
    const filmedMs = this.#bornAtMs + ptsUs / 1000 - (this.#startMs.get(cameraId) ?? 0);
    this.values.push((((heardMs - filmedMs) % GROUP_MS) + GROUP_MS) % GROUP_MS);
  }
}
