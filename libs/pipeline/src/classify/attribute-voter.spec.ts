import { ModelId, Route, type TrackId, type TrackedObject } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { AttributeVoter, type CropRequest } from './attribute-voter.js';

const model = { id: ModelId.parse('posture-1'), version: '1.0.0' };
const route = (part: Partial<Route> = {}) => Route.parse({ labels: ['person'], model: 'posture-1', attribute: 'posture', ...part });
const idOf = (n: number) => `track-${n}` as TrackId;
const person = (n = 1, part: Partial<TrackedObject> = {}): TrackedObject => ({
  trackId: idOf(n), number: n, label: 'person', score: 0.8, box: { x: 100 * n, y: 100, width: 40, height: 80 },
  firstSeenUs: 0, observed: true, stationarySeconds: 0, attributes: {}, ...part,
});
const at = (second: number) => ({ ptsUs: Math.round(second * 1e6), width: 1920, height: 1080 });
const sure = (label: string, quality = 1) => ({ candidates: [{ label, score: 1 }], quality });

/** Runs the voter at 10 fps and answers at once; returns the number of calls. */
function run(voter: AttributeVoter, from: number, to: number, answer: (request: CropRequest) => string, objects = [person()]): number {
  let calls = 0;
  for (let frame = Math.round(from * 10); frame < Math.round(to * 10); frame += 1) {
    for (const request of voter.requests(objects, at(frame / 10))) {
      calls += 1;
      voter.vote(request, sure(answer(request)), model);
    }
  }
  return calls;
}

describe('AttributeVoter', () => {
  it('stops when it is sure and says so', () => {
    const voter = new AttributeVoter([route({ settleVotes: 4 })]);
    expect(run(voter, 0, 30, () => 'upright')).toBe(4);
    expect(voter.isSettled(idOf(1))).toBe(true);
    expect(voter.attributesOf(idOf(1)).posture).toMatchObject({ label: 'upright', score: 1, settled: true, candidates: [], model });
  });

  it('gives up at the most votes and names the runners-up', () => {
    const voter = new AttributeVoter([route({ maxVotes: 6, settleShare: 0.9 })]);
    let turn = 0;
    expect(run(voter, 0, 60, () => ((turn += 1) % 3 === 0 ? 'bent' : 'upright'))).toBe(6);
    const { posture } = voter.attributesOf(idOf(1));
    expect(posture).toMatchObject({ label: 'upright', settled: true });
    expect(posture?.candidates[0]?.label).toBe('bent');
  });

  it('trusts readable crops more than many poor ones', () => {
    const voter = new AttributeVoter([route({ settleVotes: 50, maxVotes: 50 })]);
    let turn = 0;
    for (let second = 0; second < 20; second += 1) {
      for (const request of voter.requests([person()], at(second))) voter.vote(request, (turn += 1) % 4 === 0 ? sure('lying', 0.9) : sure('upright', 0.1), model);
    }
    expect(voter.attributesOf(idOf(1)).posture?.label).toBe('lying');
  });

  it.each([
    ['is too small', person(1, { box: { x: 0, y: 0, width: 10, height: 80 } })],
    ['is only predicted', person(1, { observed: false })],
    ['has a label without a route', person(1, { label: 'car' })],
  ])('asks nothing about an object that %s', (_, object) => {
    expect(run(new AttributeVoter([route()]), 0, 5, () => 'upright', [object])).toBe(0);
  });

  it('asks again about one whose crop was skipped or never answered, not while it waits', () => {
    const voter = new AttributeVoter([route()], { answerSeconds: 2 });
    const ask = (second: number) => voter.requests([person()], at(second));
    const [first] = ask(0);
    expect(ask(1)).toEqual([]);
    voter.skip(first as CropRequest);
    expect(ask(1.1)).toHaveLength(1);
    expect(ask(3.2)).toHaveLength(1);
  });

  it('waits for somebody hidden behind another one, but not for ever', () => {
    const behind = person(1, { box: { x: 100, y: 100, width: 40, height: 80 } });
    const infront = person(2, { label: 'car', box: { x: 90, y: 110, width: 60, height: 90 } });
    const voter = new AttributeVoter([route()]);
    expect(voter.requests([behind, infront], at(0))).toEqual([]);
    expect(voter.requests([behind, infront], at(2))).toHaveLength(1);
  });

  it('cuts with a margin, inside the picture', () => {
    const [request] = new AttributeVoter([route({ cropMargin: 0.5 })]).requests([person(1, { box: { x: 10, y: 100, width: 40, height: 80 } })], at(0));
    expect(request?.box).toEqual({ x: 0, y: 60, width: 70, height: 160 });
  });

  it('serves several routes for one label and forgets a track', () => {
    const voter = new AttributeVoter([route({ settleVotes: 1 }), route({ attribute: 'helmet', model: ModelId.parse('helmet-1'), settleVotes: 1 })]);
    run(voter, 0, 3, ({ attribute }) => (attribute === 'helmet' ? 'on' : 'upright'));
    expect(Object.entries(voter.attributesOf(idOf(1))).map(([name, { label }]) => [name, label])).toEqual([['posture', 'upright'], ['helmet', 'on']]);
    voter.forget(idOf(1));
    expect(voter.attributesOf(idOf(1))).toEqual({});
    expect(voter.isSettled(idOf(1))).toBe(false);
  });

  it('looks again after the refresh time and changes its mind on two votes, not on one', () => {
    const voter = new AttributeVoter([route({ settleVotes: 3, refreshSeconds: 2 })]);
    run(voter, 0, 2, () => 'upright');
    let wrong = 1;
    run(voter, 2, 6, () => (wrong-- > 0 ? 'lying' : 'upright'));
    expect(voter.attributesOf(idOf(1)).posture?.label).toBe('upright');
    run(voter, 6, 12, () => 'lying');
    expect(voter.attributesOf(idOf(1)).posture).toMatchObject({ label: 'lying', settled: true });
  });

  it('ignores an answer about a track that is gone', () => {
    const voter = new AttributeVoter([route()]);
    const [request] = voter.requests([person()], at(0));
    voter.forget(idOf(1));
    voter.vote(request as CropRequest, sure('upright'), model);
    expect(voter.attributesOf(idOf(1))).toEqual({});
  });
});

describe('against looking at every picture', () => {
  it('is as right with at least 70 % fewer calls, with a classifier that is wrong 30 % of the time', () => {
    const random = mulberry(7);
    const labels = ['upright', 'bent', 'sitting', 'lying'];
    const tracks = Array.from({ length: 200 }, (_, n) => ({ n, truth: labels[n % 4] as string, frames: 30 + Math.floor(random() * 120) }));
    let [calls, every, right, rightOfEvery] = [0, 0, 0, 0];
    for (const { n, truth, frames } of tracks) {
      const voter = new AttributeVoter([route()]);
      const tally = new Map<string, number>();
      for (let frame = 0; frame < frames; frame += 1) {
        const answer = random() < 0.7 ? truth : (labels[Math.floor(random() * 4)] as string);
        every += 1;
        tally.set(answer, (tally.get(answer) ?? 0) + 1);
        for (const request of voter.requests([person(n)], at(frame / 5))) {
          calls += 1;
          voter.vote(request, { candidates: [{ label: answer, score: 0.8 }, { label: labels.find((label) => label !== answer) as string, score: 0.2 }], quality: 0.3 + 0.7 * random() }, model);
        }
      }
      if (voter.attributesOf(idOf(n)).posture?.label === truth) right += 1;
      if ([...tally].sort((a, b) => b[1] - a[1])[0]?.[0] === truth) rightOfEvery += 1;
    }
    expect(calls / every).toBeLessThanOrEqual(0.3);
    expect(right / tracks.length).toBeGreaterThanOrEqual(rightOfEvery / tracks.length - 0.01);
  });
});

/** A small seeded generator, so that the test says the same every time. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
