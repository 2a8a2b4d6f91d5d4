import { Camera, Event, ModelId, Route, Rule, type Attribute, type EventId, type RuleCondition, type RuleSettings, type TrackId, type TrackedObject } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventChange } from './event-change.js';
import { RuleEngine } from './rule-engine.js';

const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const STAMPS = { createdAt: '2026-03-02T00:00:00.000Z', updatedAt: '2026-03-02T00:00:00.000Z' };
const START_MS = Date.parse('2026-03-02T12:00:00Z');
const AREA = [{ x: 0.4, y: 0.4 }, { x: 0.6, y: 0.4 }, { x: 0.6, y: 0.6 }, { x: 0.4, y: 0.6 }];
const camera = (part: Partial<Camera> = {}) =>
  Camera.parse({ id: uuid(1), name: 'Gate', url: 'rtsp://h/1', ...STAMPS, zones: [{ name: 'Yard', kind: 'area', points: AREA }, { name: 'Door', kind: 'line', points: [{ x: 0.5, y: 0.9 }, { x: 0.5, y: 0.1 }] }], ...part });
const ruleOf = (condition: Partial<RuleCondition> & { kind: RuleCondition['kind'] }, part: Partial<RuleSettings> & { id?: string } = {}) =>
  Rule.parse({ id: uuid(10), name: 'A rule', cooldownSeconds: 0, confirmDeadlineSeconds: 0, ...STAMPS, ...part, condition });
const posture = (label: string, settled = true): Attribute => ({ label, score: 0.9, candidates: [], model: { id: ModelId.parse('posture-1'), version: '1.0.0' }, settled });
const POSTURE = Route.parse({ labels: ['person'], model: 'posture-1', attribute: 'posture' });

/** An object whose anchor (bottom centre) is at x, y, as fractions of a 1000 x 1000 picture. */
const at = (x: number, y: number, part: Partial<TrackedObject> & { n?: number } = {}): TrackedObject => ({
  trackId: uuid(1000 + (part.n ?? 1)) as TrackId, number: part.n ?? 1, label: 'person', score: 0.8, observed: true, stationarySeconds: 0, attributes: {}, firstSeenUs: 0,
  box: { x: x * 1000 - 20, y: y * 1000 - 80, width: 40, height: 80 }, ...part,
});

/** Runs an engine at 10 pictures a second. */
class Scene {
  readonly changes: EventChange[] = [];
  readonly engine: RuleEngine;
  second = 0;
  #ids = 0;

  constructor(rules: Rule[], options: { camera?: Camera; routes?: Route[] } = {}) {
    this.engine = new RuleEngine({ camera: options.camera ?? camera(), rules, routes: options.routes ?? [], detector: { id: ModelId.parse('detector-1'), version: '1.0.0' }, newId: () => uuid(5000 + (this.#ids += 1)) as EventId });
  }

  show(...objects: TrackedObject[]): this {
    this.second += 0.1;
    return this.take(this.engine.update({ ptsUs: Math.round(this.second * 1e6), wallMs: START_MS + this.second * 1000, width: 1000, height: 1000, objects }));
  }

  /** Shows the same for a while. */
  hold(seconds: number, ...objects: TrackedObject[]): this {
    for (let i = 0; i < Math.round(seconds * 10); i += 1) this.show(...objects);
    return this;
  }

  /** Walks one object through points of (x, y). */
  walk(points: readonly (readonly [number, number])[], part: Parameters<typeof at>[2] = {}): this {
    for (const [x, y] of points) this.show(at(x, y, part));
    return this;
  }

  take(changes: readonly EventChange[]): this {
    this.changes.push(...changes);
    return this;
  }

  /** Life of all events: state and detail or reason, in order. */
  get story(): string[] {
    return this.changes.filter(({ revised }) => revised).map(({ event }) => [event.state, event.state === 'provisional' ? event.detail : event.state === 'confirmed' ? event.confirmation : event.endReason].join(':'));
  }

  get begun(): Event[] {
    return this.changes.filter(({ event, revised }) => revised && event.revision === 1).map(({ event }) => event);
  }
}

const across = (from: number, to: number, y = 0.5) => Array.from({ length: 11 }, (_, i) => [from + ((to - from) * i) / 10, y] as const);

describe('crossing a line', () => {
  const line = (direction: 'any' | 'left-to-right' | 'right-to-left' = 'any') => ruleOf({ kind: 'line', zone: 'Door', direction });
  /** 7 people from left to right, 3 from right to left. */
  const crowd = (scene: Scene) => {
    for (let n = 1; n <= 10; n += 1) scene.walk(n <= 7 ? across(0.3, 0.7) : across(0.7, 0.3), { n });
    return scene.hold(8);
  };

  it('counts 7 one way and 3 the other', () => {
    const details = crowd(new Scene([line()])).begun.map(({ detail }) => detail);
    expect(details.filter((detail) => detail === 'left-to-right')).toHaveLength(7);
    expect(details.filter((detail) => detail === 'right-to-left')).toHaveLength(3);
    expect(crowd(new Scene([line('left-to-right')])).begun).toHaveLength(7);
    expect(crowd(new Scene([line('right-to-left')])).begun).toHaveLength(3);
  });

  it('makes one event of a walk with any jitter smaller than the hysteresis, and none of jitter on the line', () => {
    const jitter = fc.array(fc.double({ min: -0.0024, max: 0.0024, noNaN: true }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(jitter, (noise) => {
        const walk = noise.map((shift, i) => [0.3 + (0.4 * i) / 59 + shift, 0.5] as const);
        expect(new Scene([line()]).walk(walk).begun).toHaveLength(1);
        expect(new Scene([line()]).walk([[0.45, 0.5], ...noise.map((shift) => [0.5 + shift, 0.5] as const), [0.45, 0.5]]).begun).toHaveLength(0);
      }),
      { numRuns: 50 },
    );
  });

  it('does not count a walk beside the drawn part', () => {
    expect(new Scene([line()]).walk(across(0.3, 0.7, 0.95)).begun).toHaveLength(0);
  });

  it('counts every crossing of one who goes to and fro, unless it cools down', () => {
    const fro = [...across(0.4, 0.6), ...across(0.6, 0.4), ...across(0.4, 0.6)];
    expect(new Scene([line()]).walk(fro).begun).toHaveLength(3);
    expect(new Scene([ruleOf({ kind: 'line', zone: 'Door' }, { cooldownSeconds: 10 })]).walk(fro).begun).toHaveLength(1);
  });

  it('sees the crossing of somebody the detector missed on the line', () => {
    const scene = new Scene([line()]).show(at(0.4, 0.5)).hold(1, at(0.52, 0.5, { observed: false }));
    expect(scene.begun).toHaveLength(0);
    expect(scene.show(at(0.6, 0.5)).begun).toHaveLength(1);
  });

  it('is over soon, with the path to both sides', () => {
    const scene = new Scene([line()]).walk([...across(0.3, 0.7), ...across(0.7, 0.9), ...across(0.9, 0.95)]);
    expect(scene.story).toEqual(['provisional:left-to-right', 'confirmed:not-required', 'ended:condition-over']);
    const path = scene.changes.at(-1)?.event.path ?? [];
    expect(path[0]?.x).toBeCloseTo(0.3, 6);
    expect(path.at(-1)?.x).toBeGreaterThan(0.7);
  });
});

describe('zones', () => {
  const zone = (trigger: 'enter' | 'exit' | 'inside', part: Parameters<typeof ruleOf>[1] = {}, holdSeconds = 0) => ruleOf({ kind: 'zone', zone: 'Yard', trigger, holdSeconds }, part);
  const through = [...across(0.2, 0.8)];

  it('tells entering and leaving', () => {
    expect(new Scene([zone('enter')]).walk(through).story).toEqual(['provisional:enter', 'confirmed:not-required', 'ended:condition-over']);
    expect(new Scene([zone('exit')]).walk(through).begun.map(({ detail }) => detail)).toEqual(['exit']);
  });

  it('is not fooled by shaking on the border', () => {
    const shaking = Array.from({ length: 200 }, (_, i) => [0.4 + (i % 2 ? 0.003 : -0.003), 0.5] as const);
    expect(new Scene([zone('enter', { hysteresis: 0.005 })]).walk([[0.3, 0.5], ...shaking]).begun).toHaveLength(0);
    expect(new Scene([zone('enter', { hysteresis: 0.005 })]).walk([[0.3, 0.5], [0.45, 0.5], ...shaking]).begun).toHaveLength(1);
  });

  it('waits for inside to last', () => {
    const scene = new Scene([zone('inside', {}, 3)]).hold(2.5, at(0.5, 0.5));
    expect(scene.begun).toHaveLength(0);
    expect(scene.hold(1, at(0.5, 0.5)).begun).toHaveLength(1);
    expect(new Scene([zone('inside', {}, 3)]).hold(2, at(0.5, 0.5)).hold(1, at(0.3, 0.5)).hold(2, at(0.5, 0.5)).begun).toHaveLength(0);
  });

  it('says nothing of whom it found inside, of a parked car, or of a lamp that flickers into a person', () => {
    const scene = new Scene([zone('enter')]).hold(2, at(0.5, 0.5));
    for (let n = 2; n < 6; n += 1) scene.hold(60, at(0.5, 0.5, { n, firstSeenUs: scene.second * 1e6 }));
    expect(scene.begun).toHaveLength(0);
  });

  it('says entered of somebody who comes out of a door inside the zone', () => {
    const scene = new Scene([zone('enter')]).hold(3).walk(across(0.45, 0.55), { firstSeenUs: 3e6 });
    expect(scene.begun).toHaveLength(1);
  });

  it('counts entering again only after the cool-down', () => {
    const twice = (pause: number) => new Scene([zone('enter', { cooldownSeconds: 5 })]).walk(through).hold(pause, at(0.8, 0.5)).walk(through.toReversed()).begun.length;
    expect(twice(1)).toBe(1);
    expect(twice(6)).toBe(2);
  });

  it('does nothing for predicted boxes, other labels, weak scores, or a zone that is not there', () => {
    expect(new Scene([zone('enter')]).walk(through, { observed: false }).begun).toHaveLength(0);
    expect(new Scene([zone('enter', { labels: ['car'] })]).walk(through).begun).toHaveLength(0);
    expect(new Scene([zone('enter', { minScore: 0.9 })]).walk(through).begun).toHaveLength(0);
    const scene = new Scene([zone('enter')], { camera: camera({ zones: [] }) });
    expect(scene.walk(through).begun).toHaveLength(0);
    expect(scene.engine.activeRules).toEqual([]);
  });

  it('reaches the rim of the picture where a zone does', () => {
    const rim = camera({ zones: [{ name: 'Yard', kind: 'area', points: [{ x: 0.4, y: 0.8 }, { x: 0.6, y: 0.8 }, { x: 0.6, y: 1 }, { x: 0.4, y: 1 }] }] });
    expect(new Scene([zone('inside')], { camera: rim }).hold(1, at(0.5, 1)).begun).toHaveLength(1);
  });
});

describe('dwelling', () => {
  const parked = (stationarySeconds: number) => at(0.5, 0.5, { label: 'car', stationarySeconds });

  it('tells of loitering once, until it is over', () => {
    const scene = new Scene([ruleOf({ kind: 'dwell', zone: 'Yard', seconds: 5 })]).hold(4.5, at(0.5, 0.5));
    expect(scene.begun).toHaveLength(0);
    expect(scene.hold(60, at(0.5, 0.5)).begun).toHaveLength(1);
    expect(scene.hold(1, at(0.2, 0.5)).story.at(-1)).toBe('ended:condition-over');
  });

  it('makes one event of a car that is parked for hours, seen or missed', () => {
    const scene = new Scene([ruleOf({ kind: 'dwell', zone: null, seconds: 60, stationary: true })]);
    for (let second = 0; second < 3600; second += 5) scene.show({ ...parked(second), observed: second % 20 !== 0 });
    for (let second = 0; second < 300; second += 1) scene.hold(0.3, { ...parked(4000 + second), observed: second % 7 !== 0 });
    expect(scene.begun).toHaveLength(1);
    expect(scene.hold(1, at(0.55, 0.5, { label: 'car' })).story.at(-1)).toBe('ended:condition-over');
  });

  it('ignores somebody who walks about when only standing counts', () => {
    expect(new Scene([ruleOf({ kind: 'dwell', zone: 'Yard', seconds: 5, stationary: true })]).hold(30, at(0.5, 0.5)).begun).toHaveLength(0);
  });
});

describe('counting', () => {
  const people = (count: number, part: Partial<TrackedObject> = {}) => Array.from({ length: count }, (_, n) => at(0.42 + n * 0.03, 0.5, { n: n + 1, ...part }));
  const over = (part = {}) => ruleOf({ kind: 'count', zone: 'Yard', comparison: 'over', threshold: 2, holdSeconds: 2 }, part);

  it('tells of too many once, keeps the peak, and of the end', () => {
    const scene = new Scene([over()]).hold(1.5, ...people(3)).hold(1, ...people(2)).hold(2.5, ...people(3));
    expect(scene.begun).toHaveLength(1);
    scene.hold(1, ...people(4)).hold(1, ...people(2)).hold(1, ...people(3)).hold(3, ...people(1));
    expect(scene.story).toEqual(['provisional:over', 'confirmed:not-required', 'ended:condition-over']);
    expect(scene.changes.at(-1)?.event).toMatchObject({ count: 4, trackId: null, box: null });
  });

  it('does not begin with predicted objects', () => {
    expect(new Scene([over()]).hold(10, ...people(3, { observed: false })).begun).toHaveLength(0);
  });

  it('tells of too few', () => {
    const scene = new Scene([ruleOf({ kind: 'count', zone: null, comparison: 'under', threshold: 1, holdSeconds: 2 })]).hold(5, at(0.5, 0.5)).hold(1.5);
    expect(scene.begun).toHaveLength(0);
    expect(scene.hold(1).begun.map(({ detail, count }) => [detail, count])).toEqual([['under', 0]]);
  });

  it('cools down per camera', () => {
    const bursts = (cooldownSeconds: number) => new Scene([over({ cooldownSeconds })]).hold(3, ...people(3)).hold(3).hold(3, ...people(3)).hold(3).begun.length;
    expect(bursts(0)).toBe(2);
    expect(bursts(60)).toBe(1);
  });
});

describe('attributes', () => {
  const lying = ruleOf({ kind: 'attribute', zone: null, attribute: 'posture', values: ['lying'], holdSeconds: 3 });
  const person = (label: string) => at(0.5, 0.5, { attributes: { posture: posture(label) } });

  it('tells of somebody who has been lying for a while, through a doubt of the second stage', () => {
    const scene = new Scene([lying]).hold(2, person('upright')).hold(2, person('lying')).hold(0.5, person('bent')).hold(1, person('lying'));
    expect(scene.begun.map(({ detail }) => detail)).toEqual(['posture=lying']);
    expect(scene.hold(2, person('upright')).story).toEqual(['provisional:posture=lying', 'confirmed:classified', 'ended:condition-over']);
    expect(scene.changes.at(-1)?.event.models.classifiers).toEqual([{ id: 'posture-1', version: '1.0.0' }]);
  });

  it('says nothing of a short fall', () => {
    expect(new Scene([lying]).hold(2, person('lying')).hold(3, person('upright')).hold(2, person('lying')).begun).toHaveLength(0);
  });
});

describe('confirmation', () => {
  const inside = (confirmDeadlineSeconds: number) => ruleOf({ kind: 'zone', zone: 'Yard', trigger: 'inside' }, { confirmDeadlineSeconds });
  const routes = [POSTURE];
  const stands = (attributes: TrackedObject['attributes'] = {}) => at(0.5, 0.5, { attributes });

  it('waits for the second stage', () => {
    const scene = new Scene([inside(3)], { routes }).hold(1, stands()).hold(0.5, stands({ posture: posture('upright', false) }));
    expect(scene.story).toEqual(['provisional:inside']);
    expect(scene.show(stands({ posture: posture('upright') })).story.at(-1)).toBe('confirmed:classified');
    expect(scene.changes.at(-1)?.event.attributes.posture?.label).toBe('upright');
  });

  it('waits no longer than its deadline, even when no picture comes', () => {
    expect(new Scene([inside(3)], { routes }).hold(3.2, stands()).story).toEqual(['provisional:inside', 'confirmed:deadline']);
    const scene = new Scene([inside(3)], { routes }).hold(1, stands());
    scene.take(scene.engine.tick({ ptsUs: 5e6, wallMs: START_MS + 5000, width: 1000, height: 1000 }));
    expect(scene.story.at(-1)).toBe('confirmed:deadline');
  });

  it('does not wait when it need not', () => {
    expect(new Scene([inside(0)], { routes }).show(stands()).story).toEqual(['provisional:inside', 'confirmed:not-required']);
    expect(new Scene([inside(3)], { routes }).show({ ...stands(), label: 'car' }).story).toEqual(['provisional:inside', 'confirmed:not-required']);
    expect(new Scene([inside(3)], { routes }).show(stands({ posture: posture('bent') })).story).toEqual(['provisional:inside', 'confirmed:classified']);
  });

  it('confirms an event that ends before', () => {
    const scene = new Scene([inside(30)], { routes }).hold(1, stands()).hold(1, at(0.2, 0.5));
    expect(scene.story).toEqual(['provisional:inside', 'confirmed:deadline', 'ended:condition-over']);
    expect(scene.changes.filter(({ revised }) => revised).map(({ event }) => event.revision)).toEqual([1, 2, 3]);
  });
});

describe('schedule', () => {
  it('begins when its window opens and ends when it closes, for somebody who was there all the time', () => {
    const noon = { windows: [{ days: [1], from: '20:01', to: '20:02' }] };
    const scene = new Scene([ruleOf({ kind: 'zone', zone: 'Yard', trigger: 'inside' }, { schedule: noon })], { camera: camera({ timeZone: 'Asia/Shanghai' }) }).hold(200, at(0.5, 0.5));
    expect(scene.story).toEqual(['provisional:inside', 'confirmed:not-required', 'ended:condition-over']);
    expect(scene.changes[0]?.event.startedAt.slice(11, 16)).toBe('12:01');
  });
});

describe('life', () => {
  const inside = ruleOf({ kind: 'zone', zone: 'Yard', trigger: 'inside' });
  const other = ruleOf({ kind: 'dwell', zone: null, seconds: 1 }, { id: uuid(11) });

  it('ends as left when the track is gone, at the time it was last seen', () => {
    const scene = new Scene([inside]).hold(2, at(0.5, 0.5)).hold(8);
    expect(scene.story.at(-1)).toBe('ended:left');
    expect(scene.changes.at(-1)?.event.endedAt).toBe(new Date(START_MS + 2000).toISOString());
  });

  it('survives a short absence', () => {
    expect(new Scene([inside]).hold(2, at(0.5, 0.5)).hold(3).hold(2, at(0.5, 0.5)).begun).toHaveLength(1);
  });

  it('ends events of an edited rule and leaves the others alone', () => {
    const scene = new Scene([inside, other]).hold(3, at(0.5, 0.5));
    const edited = Rule.parse({ ...inside, minScore: 0.3 });
    expect(scene.begun).toHaveLength(2);
    scene.take(scene.engine.configure(camera(), [edited, other], { wallMs: START_MS + 4000 }));
    expect(scene.story.filter((line) => line.startsWith('ended'))).toEqual(['ended:rule-changed']);
    expect(scene.hold(3, at(0.5, 0.5)).begun).toHaveLength(3);
  });

  it('keeps events through a new name, an edit of an unrelated zone, and a new cool-down', () => {
    const scene = new Scene([inside, other]).hold(3, at(0.5, 0.5));
    const renamed = Rule.parse({ ...inside, name: 'Yard watch', cooldownSeconds: 60 });
    const edited = camera({ name: 'Front', zones: camera().zones.slice(0, 1) });
    expect(scene.engine.configure(edited, [renamed, other], { wallMs: START_MS })).toEqual([]);
    scene.hold(1, at(0.2, 0.5));
    expect(scene.changes.at(-1)?.event).toMatchObject({ state: 'ended', ruleName: 'Yard watch', cameraName: 'Front' });
  });

  it('ends events of a moved zone, of a disabled rule, of a rule for other cameras, and of a lost camera', () => {
    const moved = camera({ zones: [{ name: 'Yard', kind: 'area', points: AREA.map(({ x, y }) => ({ x: x + 0.1, y })) }] });
    const ways: ((scene: Scene) => EventChange[])[] = [
      ({ engine }) => engine.configure(moved, [inside], { wallMs: START_MS }),
      ({ engine }) => engine.configure(camera(), [Rule.parse({ ...inside, enabled: false })], { wallMs: START_MS }),
      ({ engine }) => engine.configure(camera(), [Rule.parse({ ...inside, cameraIds: [uuid(2)] })], { wallMs: START_MS }),
      ({ engine }) => engine.configure(camera(), [], { wallMs: START_MS }),
      ({ engine }) => engine.end('camera-lost', START_MS),
    ];
    for (const way of ways) {
      const scene = new Scene([inside]).hold(1, at(0.5, 0.5));
      expect(way(scene).map(({ event }) => event.state)).toEqual(['ended']);
    }
  });

  it('goes on when media time starts over', () => {
    const scene = new Scene([ruleOf({ kind: 'dwell', zone: null, seconds: 3 })]).hold(2, at(0.5, 0.5));
    scene.second = 0;
    expect(scene.hold(2, at(0.5, 0.5)).begun).toHaveLength(1);
  });

  it('asks for the first picture and for clearly better ones, and takes their keys over', () => {
    const scene = new Scene([inside]).show(at(0.5, 0.5));
    expect(scene.changes[0]?.picture?.box).toEqual({ x: 480, y: 420, width: 40, height: 80 });
    scene.hold(2, at(0.5, 0.5));
    expect(scene.changes.filter(({ picture }) => picture)).toHaveLength(1);
    scene.hold(1, at(0.5, 0.5, { box: { x: 450, y: 300, width: 100, height: 200 } }));
    const pictures = scene.changes.filter(({ picture }) => picture);
    expect(pictures).toHaveLength(2);
    expect(pictures[1]).toMatchObject({ revised: false, event: { box: { x: 0.45, y: 0.3, width: 0.1, height: 0.2 } } });
    const { id } = scene.begun[0] as Event;
    expect(scene.engine.attachPictures(id, 's.jpg', 't.jpg')).toBe(true);
    expect(scene.hold(1, at(0.2, 0.5)).changes.at(-1)?.event).toMatchObject({ snapshotKey: 's.jpg', thumbnailKey: 't.jpg' });
    expect(scene.engine.attachPictures(id, 's.jpg', null)).toBe(false);
  });

  it('makes events that keep the contract, whatever people do', () => {
    const rules = [inside, other, ruleOf({ kind: 'line', zone: 'Door' }, { id: uuid(12), confirmDeadlineSeconds: 2 }), ruleOf({ kind: 'count', zone: null, comparison: 'over', threshold: 1, holdSeconds: 0.3 }, { id: uuid(13) })];
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const someone = fc.record({ n: fc.integer({ min: 1, max: 3 }), x: unit, y: unit, observed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(someone, { maxLength: 3, selector: ({ n }) => n }), { maxLength: 80 }), (pictures) => {
        const scene = new Scene(rules, { routes: [POSTURE] });
        for (const people of pictures) scene.show(...people.map(({ n, x, y, observed }) => at(x, y, { n, observed })));
        scene.take(scene.engine.end('camera-lost', START_MS + 1e6));
        const ids = new Set(scene.changes.map(({ event }) => event.id));
        for (const id of ids) {
          const changes = scene.changes.filter(({ event, revised }) => revised && event.id === id);
          expect(changes.map(({ event }) => event.state)).toEqual(['provisional', 'confirmed', 'ended']);
          expect(changes.map(({ event }) => event.revision)).toEqual([1, 2, 3]);
          for (const { event } of changes) expect(Event.parse(event)).toBeTruthy();
        }
      }),
      { numRuns: 40 },
    );
  });
});
