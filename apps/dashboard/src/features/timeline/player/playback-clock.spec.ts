import { describe, expect, it } from 'vitest';
import { PlaybackClock } from './playback-clock.js';

const FAR = 1e15;

describe('PlaybackClock', () => {
  it('moves only while it plays, at its pace, and not while it is held', () => {
    const clock = new PlaybackClock(1000);
    clock.advance(100, false, FAR);
    expect(clock.positionMs).toBe(1000);
    clock.play(4);
    clock.advance(100, false, FAR);
    clock.advance(100, true, FAR);
    expect(clock.positionMs).toBe(1400);
    clock.setRate(0.25);
    clock.advance(100, false, FAR);
    expect(clock.positionMs).toBe(1425);
  });

  it('shuttles as L and J do: twice as fast each time, and at once the other way', () => {
    const clock = new PlaybackClock(0);
    const rates = (['l', 'l', 'l', 'j', 'j', 'l'] as const).map((key) => (clock.shuttle(key === 'l' ? 1 : -1), clock.rate));
    expect(rates).toEqual([1, 2, 4, -1, -2, 1]);
    for (let press = 0; press < 9; press += 1) clock.shuttle(1);
    expect(clock.rate).toBe(16);
  });

  it('plays forwards again after it was stopped while it ran backwards', () => {
    const clock = new PlaybackClock(10_000);
    clock.shuttle(-1);
    clock.advance(1000, false, FAR);
    expect(clock.positionMs).toBe(9000);
    clock.pause();
    clock.play();
    clock.advance(1000, false, FAR);
    expect(clock.positionMs).toBe(10_000);
  });

  it('stops where nothing has happened yet', () => {
    const clock = new PlaybackClock(0);
    clock.play(16);
    clock.advance(1000, false, 5000);
    expect([clock.positionMs, clock.playing]).toEqual([5000, false]);
  });
});
