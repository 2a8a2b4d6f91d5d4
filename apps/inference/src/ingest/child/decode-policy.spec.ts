import { MotionGateSettings } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { DecodePolicy, type SceneFacts, type Verdict } from './decode-policy.js';

const STEP_US = 40_000;

/** A camera of 25 pictures a second, analysed at 5 unless told otherwise, with a gate that is told what moves. */
class Scene implements SceneFacts {
  readonly gate = MotionGateSettings.parse({});
  readonly policy: DecodePolicy;
  isWanted = true;
  dueFps = 5;
  moving = true;
  #movedUs = 0;
  #nowUs = 0;
  #sampledUs = -Infinity;
  #index = 0;

  constructor(private readonly groupLength = 50, options: { readonly reorders?: boolean; readonly complete?: boolean } = {}) {
    this.policy = new DecodePolicy(this.gate, options.reorders ?? false, options.complete ?? false);
  }

  get isOpen(): boolean {
    return this.#nowUs - this.#movedUs <= this.gate.holdSeconds * 1e6;
  }

  get stillUs(): number {
    return this.#nowUs - this.#movedUs;
  }

  isDue(ptsUs: number): boolean {
    return ptsUs - this.#sampledUs >= 1e6 / this.dueFps - 1;
  }

  packet(bytes = 1000): Verdict {
    const key = this.#index % this.groupLength === 0;
    const ptsUs = this.#index * STEP_US;
    const verdict = this.policy.arrived({ ptsUs, key, byteLength: key ? 60_000 : bytes, disposable: this.#index % 2 === 1 }, this);
    if ((verdict === 'decode' || verdict === 'alone') && this.isDue(ptsUs)) {
      this.#sampledUs = this.#nowUs = ptsUs;
      if (this.moving) this.#movedUs = ptsUs;
      this.policy.looked(this);
    }
    this.#index += 1;
    return verdict;
  }

  /** Verdicts of so many seconds, counted. */
  seconds(seconds: number, bytes?: () => number): Record<string, number> {
    const counts: Record<string, number> = {};
    for (let i = 0; i < seconds * 25; i += 1) {
      const verdict = this.packet(bytes?.());
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    }
    return counts;
  }

  toGroupStart(): void {
    while (this.#index % this.groupLength !== 0) this.packet();
  }
}

/** Moves for two seconds, then is still until the policy has come to rest. */
function stillScene(groupLength = 50, options: { readonly reorders?: boolean } = {}): Scene {
  const scene = new Scene(groupLength, options);
  scene.seconds(4);
  scene.moving = false;
  scene.seconds(8);
  scene.toGroupStart();
  return scene;
}

describe('DecodePolicy', () => {
  it('goes on decoding where the sizes of a still scene are too uneven to show a small thing that moves, unless the machine is overloaded', () => {
    const scene = new Scene();
    let at = 0;
    const uneven = () => 500 + 500 * ((at += 1) % 5);
    scene.moving = false;
    expect(scene.seconds(20, uneven)).not.toHaveProperty('idle');
    scene.policy.share = 0.5;
    expect(scene.seconds(20, uneven)['idle']).toBeGreaterThan(300);
  });

  it('decodes up to each due picture while something moves', () => {
    expect(new Scene().seconds(8)).toEqual({ decode: 40, 'not-due': 160 });
  });

  it('takes key frames alone in a still scene, and says so', () => {
    const scene = stillScene();
    expect(scene.policy.mode).toBe('key');
    expect(scene.seconds(20)).toEqual({ alone: 10, idle: 490 });
  });

  it('wakes up in the middle of a group when the packets grow, and stays awake when pictures bear it out', () => {
    const scene = stillScene();
    scene.seconds(1);
    scene.moving = true;
    expect(scene.packet(9000)).toBe('decode');
    expect(scene.policy.mode).toBe('all');
    expect(scene.seconds(4)).not.toHaveProperty('idle');
  });

  it('goes back to rest soon after a false alarm', () => {
    const scene = stillScene();
    scene.seconds(1);
    expect(scene.packet(9000)).toBe('decode');
    const counts = scene.seconds(1);
    expect(counts['decode']).toBeLessThanOrEqual(5);
    expect(scene.policy.mode).toBe('key');
  });

  it('decodes everything for a while after a motion that the sizes did not show, longer each time', () => {
    const scene = stillScene();
    scene.moving = true;
    scene.packet();
    scene.moving = false;
    expect(scene.seconds(29)).not.toHaveProperty('idle');
    expect(scene.seconds(5)).toHaveProperty('idle');
    scene.toGroupStart();
    scene.moving = true;
    scene.packet();
    scene.moving = false;
    expect(scene.seconds(58)).not.toHaveProperty('idle');
    expect(scene.seconds(5)).toHaveProperty('idle');
  });

  it('decodes on where key frames are further apart than still scenes are looked at', () => {
    const scene = new Scene(250);
    scene.seconds(22);
    scene.moving = false;
    expect(scene.seconds(40)).not.toHaveProperty('idle');
  });

  it('takes of a stream of key frames only what is due, moving or still', () => {
    const scene = stillScene(1);
    expect(scene.seconds(10)).toEqual({ decode: 50, 'not-due': 200 });
  });

  it.each([
    ['as they come', 25, 0.4, 10],
    ['as they come, all but one in ten', 25, 0.9, 22.5],
    ['faster than they come', 50, 0.5, 12.5],
    ['one in five', 5, 0.4, 2],
    ['one in five, nearly none', 5, 0.1, 0.5],
    ['one in five, none', 5, 0, 0.2],
    ['more seldom than the least that is decoded', 0.1, 0, 0.1],
  ])('sheds key frames under overload where there is nothing else, evenly: wanted %s', (_what, dueFps, share, perSecond) => {
    const scene = new Scene(1);
    scene.dueFps = dueFps;
    scene.seconds(4);
    scene.policy.share = share;
    const verdicts = Array.from({ length: 25 * 100 }, () => scene.packet());
    const decoded = verdicts.flatMap((verdict, index) => (verdict === 'decode' ? [index] : []));
    expect(Math.abs(decoded.length - perSecond * 100)).toBeLessThanOrEqual(2);
    const gaps = decoded.slice(2).map((index, at) => index - (decoded[at + 1] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(25 / perSecond) + 1);
    if (share > 0) expect(verdicts).toContain('shed');
    scene.policy.share = 1;
    expect(scene.seconds(10)).not.toHaveProperty('shed');
  });

  it('never rests when every picture counts, or when the gate is off', () => {
    const complete = new Scene(50, { complete: true });
    complete.seconds(4);
    complete.moving = false;
    expect(complete.seconds(20)).not.toHaveProperty('idle');
    const scene = stillScene();
    scene.policy.configure({ ...scene.gate, enabled: false }, false);
    expect(scene.policy.isIdle).toBe(false);
  });

  it('keeps streams with B-frames going, whose pictures come late, and leaves out what no picture refers to', () => {
    const { decode, 'not-due': passedOver } = new Scene(50, { reorders: true }).seconds(4);
    // Every second packet is one; of those, every fifth is due.
    expect([decode, passedOver]).toEqual([60, 40]);
  });

  it('decodes the first share of each group under overload, and key frames always', () => {
    const scene = new Scene();
    scene.seconds(4);
    scene.policy.share = 0.4;
    expect(scene.policy.mode).toBe('part');
    expect(scene.seconds(4)['shed']).toBe(60);
    scene.policy.share = 0;
    expect(scene.policy.mode).toBe('key');
    expect(scene.seconds(4)).toEqual({ decode: 2, shed: 98 });
    scene.policy.share = 1;
    expect(scene.seconds(4)).toEqual({ decode: 20, 'not-due': 80 });
  });

  it('decodes key frames only while nothing is analysed', () => {
    const scene = new Scene();
    scene.isWanted = false;
    expect(scene.seconds(4)).toEqual({ alone: 2, 'not-due': 98 });
  });

  it('learns a scene anew after a group that could not be held', () => {
    const scene = stillScene();
    scene.packet();
    scene.policy.overflowed();
    expect(scene.seconds(50)).not.toHaveProperty('idle');
    expect(scene.seconds(20)).toHaveProperty('idle');
  });
});
