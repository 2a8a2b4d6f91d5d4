import type { OverlayObject, TrackId } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { OverlayTimeline } from './overlay-timeline.js';

const object = (id: string, x: number): OverlayObject => ({ trackId: id as TrackId, number: 1, label: 'person', score: 0.9, box: { x, y: 0.2, width: 0.1, height: 0.2 }, observed: true, attributes: [] });
const ms = (value: number) => value * 1000;

describe('OverlayTimeline', () => {
  it('draws the box of the analysed picture exactly on it', () => {
    const line = new OverlayTimeline();
    line.add(ms(1000), [object('a', 0.1)]);
    line.add(ms(1200), [object('a', 0.3)]);
    expect(line.at(ms(1000))[0]?.box.x).toBe(0.1);
    expect(line.at(ms(1200))[0]?.box.x).toBe(0.3);
  });

  it('moves a box in a straight line between two analysed pictures', () => {
    const line = new OverlayTimeline();
    line.add(ms(1000), [object('a', 0.1), object('b', 0.5)]);
    line.add(ms(1200), [object('b', 0.7), object('a', 0.3)]);
    const shown = line.at(ms(1050));
    expect(shown.map((one) => one.trackId)).toEqual(['a', 'b']);
    expect(shown[0]?.box.x).toBeCloseTo(0.15);
    expect(shown[1]?.box.x).toBeCloseTo(0.55);
  });

  it('shows nothing before the first analysis, and a newcomer only from the picture in which it was found', () => {
    const line = new OverlayTimeline();
    line.add(ms(1000), []);
    line.add(ms(1200), [object('a', 0.3)]);
    expect(line.at(ms(999))).toEqual([]);
    expect(line.at(ms(1199))).toEqual([]);
    expect(line.at(ms(1200))).toHaveLength(1);
  });

  it('lets a box fade after the last analysis and takes it away after a second', () => {
    const line = new OverlayTimeline();
    line.add(ms(1000), [object('a', 0.1)]);
    expect(line.at(ms(1300))[0]?.freshness).toBe(1);
    expect(line.at(ms(1650))[0]?.freshness).toBeCloseTo(0.5);
    expect(line.at(ms(2001))).toEqual([]);
  });

  it('does not bridge a gap in the analysis', () => {
    const line = new OverlayTimeline();
    line.add(ms(1000), [object('a', 0.1)]);
    line.add(ms(6000), [object('a', 0.9)]);
    expect(line.at(ms(1500))[0]?.box.x).toBe(0.1);
    expect(line.at(ms(3000))).toEqual([]);
  });

  it('keeps moving the objects that are seen again, and drops those that are not, when analysis is slow', () => {
    const line = new OverlayTimeline();
    line.add(ms(1000), [object('a', 0.1), object('b', 0.5)]);
    line.add(ms(3000), [object('a', 0.3)]);
    const shown = line.at(ms(2500));
    expect(shown.map((one) => one.trackId)).toEqual(['a']);
    expect(shown[0]?.box.x).toBeCloseTo(0.25);
  });

  it('forgets everything when the media clock goes back', () => {
    const line = new OverlayTimeline();
    line.add(ms(9000), [object('a', 0.1)]);
    line.add(ms(100), [object('b', 0.1)]);
    expect(line.at(ms(9000))).toEqual([]);
    expect(line.at(ms(100))[0]?.trackId).toBe('b');
  });

  it('gives the trail of the feet, oldest first, four seconds long', () => {
    const line = new OverlayTimeline();
    for (let i = 0; i <= 50; i += 1) line.add(ms(i * 200), [object('a', i / 100)]);
    const trail = line.at(ms(10_000))[0]?.trail ?? [];
    expect(trail.length).toBeLessThanOrEqual(22);
    expect(trail[0]?.x).toBeCloseTo(0.3 + 0.05);
    expect(trail.at(-1)).toEqual({ x: 0.5 + 0.05, y: 0.4 });
  });
});
