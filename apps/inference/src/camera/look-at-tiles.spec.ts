import type { BoxPixels, CameraId, Detections, DeviceId, ModelId } from '@argus/contracts';
import { newId, silentLogger, systemClock } from '@argus/kernel';
import { Mailbox } from '@argus/pipeline';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PictureGoneError } from '../errors.js';
import { FrameDispatcher } from '../models/frame-dispatcher.js';
import { ModelLane } from '../models/model-lane.js';
import { lookAtTiles, type Cut } from './look-at-tiles.js';

const PLACEMENT = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 };
const NOTHING: Detections = { count: 0, boxes: new Float32Array(), scores: new Float32Array(), labels: new Uint16Array(), labelNames: [] };
const tilesUpTo = (count: number): BoxPixels[] => Array.from({ length: count }, (_, at) => ({ x: at, y: 0, width: 10, height: 10 }));

interface Script {
  readonly count: number;
  readonly atOnce: number;
  /** Numbers of tiles that cannot be cut, and at which the detector fails. */
  readonly gone?: readonly number[];
  readonly broken?: readonly number[];
  /** It is over when so many tiles have been asked about. */
  readonly overAfter?: number;
  /** Turns of the event loop that each answer takes. */
  readonly delays?: readonly number[];
}

function setUp({ count, atOnce, gone = [], broken = [], overAfter = Infinity, delays = [0] }: Script) {
  const taken = new Set<number>();
  const most = { slots: 0, asked: 0 };
  let [slots, asked, asking] = [0, 0, 0];
  const pause = async (at: number) => {
    for (let turn = 0; turn < (delays[at % delays.length] ?? 0); turn += 1) await new Promise(setImmediate);
  };
  const views = lookAtTiles({
    tiles: tilesUpTo(count),
    atOnce,
    cut: async ({ x }): Promise<Cut | null> => {
      await pause(x + 1);
      if (gone.includes(x)) return null;
      slots += 1;
      taken.add(slots);
      most.slots = Math.max(most.slots, taken.size);
      return { slot: slots, placement: { ...PLACEMENT, offsetX: x } };
    },
    ask: async ({ slot, placement }) => {
      expect(taken.has(slot)).toBe(true);
      asked += 1;
      asking += 1;
      most.asked = Math.max(most.asked, asking);
      await pause(placement.offsetX);
      asking -= 1;
      if (broken.includes(placement.offsetX)) throw new Error('broken');
      return { ...NOTHING, labelNames: [String(placement.offsetX)] };
    },
    free: (slot) => expect(taken.delete(slot)).toBe(true),
    isOver: () => asked >= overAfter,
  });
  return { views, taken, most };
}

describe('lookAtTiles', () => {
  it('gives every slot back, holds few of them, asks about few tiles at once and keeps the order', async () => {
    const script = fc.record({ count: fc.integer({ min: 0, max: 40 }), atOnce: fc.integer({ min: 1, max: 6 }), delays: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 7 }) });
    await fc.assert(
      fc.asyncProperty(script, async (drawn) => {
        const { views, taken, most } = setUp(drawn);
        expect((await views).map(({ tile, detections }) => [tile?.x, detections.labelNames[0]])).toEqual(tilesUpTo(drawn.count).map(({ x }) => [x, String(x)]));
        expect(taken.size).toBe(0);
        expect(most.slots).toBeLessThanOrEqual(2 * drawn.atOnce);
        expect(most.asked).toBeLessThanOrEqual(drawn.atOnce);
      }),
      { numRuns: 100 },
    );
  });

  it('gives every slot back when tiles cannot be cut or the detector fails, and fails then', async () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 3 });
    const script = fc.record({ atOnce: fc.integer({ min: 1, max: 4 }), gone: numbers, broken: numbers, delays: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }) });
    await fc.assert(
      fc.asyncProperty(script, async (drawn) => {
        const { views, taken } = setUp({ count: 12, ...drawn });
        const [outcome] = await Promise.allSettled([views]);
        expect(outcome?.status).toBe(drawn.gone.length + drawn.broken.length > 0 ? 'rejected' : 'fulfilled');
        expect(taken.size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('says which failure it was', async () => {
    await expect(setUp({ count: 3, atOnce: 2, gone: [1] }).views).rejects.toThrow(PictureGoneError);
    await expect(setUp({ count: 3, atOnce: 2, broken: [0] }).views).rejects.toThrow('broken');
  });

  it('begins no more tiles when nobody wants the result any more', async () => {
    const { views, taken } = setUp({ count: 40, atOnce: 2, overAfter: 6 });
    // Those whose pixels are there already are still looked at.
    expect((await views).length).toBeLessThanOrEqual(10);
    expect(taken.size).toBe(0);
  });

  it('lets other cameras have the detector in between', async () => {
    const order: string[] = [];
    const gone = Promise.withResolvers<never>();
    const lane = new ModelLane({
      model: { id: 'm' as ModelId, version: '1.0.0' },
      assignments: [{ device: 'cpu' as DeviceId, provider: 'cpu', deviceIndex: 0, replicas: 1, threads: 1, batch: 1, waitMs: 0 }],
      open: async () => ({
        alive: true, provider: 'cpu', fallback: null, pid: 1, ended: gone.promise, terminate: async () => undefined,
        run: async ([picture]) => {
          order.push(picture?.pixels.kind === 'file' ? picture.pixels.path : '');
          await new Promise((resolve) => setTimeout(resolve, 2));
          return { results: [{ kind: 'detections', detections: NOTHING }], startedAtMs: 0, readMs: 0, computeMs: 2, decodeMs: 0, usage: { cpuMs: 0, residentBytes: 0 } };
        },
      }),
      clock: systemClock,
      log: silentLogger,
    });
    await new Promise(setImmediate);
    const ask = async (path: string) => {
      await lane.ask({ pixels: { kind: 'file', path, offset: 0 }, view: null });
      return NOTHING;
    };
    const [tiled, plain] = [newId<CameraId>(), newId<CameraId>()];
    const boxes = new Map([tiled, plain].map((id) => [id, new Mailbox<string>({ onDrop: () => undefined })]));
    const look = (item: string) => lookAtTiles({ tiles: tilesUpTo(20), atOnce: lane.places, cut: async () => ({ slot: 0, placement: PLACEMENT }), ask: () => ask(item), free: () => undefined, isOver: () => false });
    const process = async (id: CameraId, item: string): Promise<void> => {
      // What is under way when the lane is closed fails.
      await Promise.allSettled([id === plain ? ask(item) : look(item)]);
    };
    const dispatcher = new FrameDispatcher<string>(lane, process, systemClock);
    lane.onFree = () => dispatcher.poke();
    for (const [id, box] of boxes) dispatcher.join(id, box, { cost: id === tiled ? 20 : 1 });
    boxes.get(tiled)?.offer('tile', systemClock.monotonicMs());
    dispatcher.poke();
    while (order.length < 20) {
      boxes.get(plain)?.offer('plain', systemClock.monotonicMs());
      await new Promise(setImmediate);
    }
    // Every second run at least, although the tiled picture was there first.
    expect(order.filter((what) => what === 'plain').length).toBeGreaterThanOrEqual(9);
    await lane.close();
  });
});
