import { describe, expect, it } from 'vitest';
import { PacketQueue, type TimedPacket } from './packet-queue.js';

const packet = (ptsMs: number, arrivedMs: number, key = false): TimedPacket => ({ key, ptsUs: ptsMs * 1000, data: new Uint8Array(1), arrivedMs });
const ptsOf = (packets: readonly TimedPacket[]) => packets.map((one) => one.ptsUs / 1000);

describe('PacketQueue', () => {
  it('gives packets in order when their delay is over', () => {
    const queue = new PacketQueue({ delayMs: 400 });
    for (const at of [0, 40, 80]) queue.push(packet(5000 + at, 100 + at));
    expect(queue.takeDue(499, 0)).toEqual([]);
    expect(ptsOf(queue.takeDue(500, 0))).toEqual([5000]);
    expect(ptsOf(queue.takeDue(500, 60))).toEqual([5040]);
    expect(ptsOf(queue.takeDue(900, 0))).toEqual([5080]);
  });

  it('shows a group that is sent again once, in its time', () => {
    const queue = new PacketQueue({ delayMs: 400 });
    for (const at of [0, 40, 80]) queue.push(packet(5000 + at, 100 + at, at === 40));
    for (const at of [40, 80]) queue.push(packet(5000 + at, 200, at === 40));
    queue.push(packet(5120, 220));
    expect(ptsOf(queue.takeDue(619, 0))).toEqual([5000, 5040, 5080]);
    expect(ptsOf(queue.takeDue(621, 0))).toEqual([5120]);
  });

  it('shows jittered arrivals at an even pace', () => {
    const queue = new PacketQueue({ delayMs: 400 });
    queue.push(packet(0, 0, true));
    queue.push(packet(40, 190));
    queue.push(packet(80, 191));
    const due = [0, 40, 80].map((pts) => queue.dueMs(pts * 1000) as number);
    expect(Math.max(...due.map((at, i) => Math.abs(at - 400 - i * 40)))).toBeLessThan(1);
  });

  it('follows a slow drift of the clocks', () => {
    const queue = new PacketQueue({ delayMs: 0 });
    for (let i = 0; i < 5000; i += 1) queue.push(packet(i * 40, i * 40 * 1.0002));
    const lag = 5000 * 40 * 1.0002 - (queue.dueMs(5000 * 40_000) as number);
    expect(lag).toBeLessThan(10);
  });

  it.each([
    ['back', 100, 5000],
    ['far ahead', 100_000, 5000],
  ])('starts a new time line when the media clock jumps %s', (_name, ptsMs, arrivedMs) => {
    const queue = new PacketQueue({ delayMs: 400 });
    queue.push(packet(4000, 1000, true));
    queue.push(packet(ptsMs, arrivedMs, true));
    expect(queue.dueMs(ptsMs * 1000)).toBe(arrivedMs + 400);
  });

  it('takes what stands before a due B-frame along with it', () => {
    const queue = new PacketQueue({ delayMs: 0 });
    for (const [pts, at] of [[0, 0], [120, 40], [40, 80], [80, 120]] as const) queue.push(packet(pts, at));
    const due = queue.dueMs(40_000) as number;
    expect(ptsOf(queue.takeDue(due, 0))).toEqual([0, 120, 40]);
  });

  it('keeps only what follows the newest key frame when nobody took packets for long', () => {
    const queue = new PacketQueue({ delayMs: 400, maxPackets: 10 });
    for (let i = 0; i < 11; i += 1) queue.push(packet(i * 40, i * 40, i === 0 || i === 8));
    expect(ptsOf(queue.takeDue(1e9, 0))).toEqual([320, 360, 400]);
  });
});
