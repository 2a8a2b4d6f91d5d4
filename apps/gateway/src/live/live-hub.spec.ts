import type { CameraId, CameraState, CameraStream, LiveMessage } from '@argus/contracts';
import { encodeLivePacket } from '@argus/contracts';
import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import type { LiveStream } from '../engine/engine-link.js';
import { LiveHub } from './live-hub.js';

const camera = '01890a5d-ac96-774b-bcce-b302099a8057' as CameraId;
const state: CameraState = { cameraId: camera, state: 'online', reason: null, since: '2026-01-01T00:00:00.000Z', lastError: null, lastErrorAt: null, attempts: 0 };
const packet = (key: boolean, ptsUs: number, bytes = 1) => encodeLivePacket({ key, ptsUs, data: new Uint8Array(bytes) });

function hub() {
  const packets = new Subject<LiveStream & { packet: Uint8Array }>();
  const liveMessages = new Subject<LiveStream & { message: LiveMessage }>();
  const changes = new Subject<void>();
  const live = new LiveHub({ packets, liveMessages, watch: () => undefined }, new Subject(), changes);
  const join = (stream: CameraStream = 'analysis') => {
    const sent: (string | Uint8Array)[] = [];
    live.join({ cameraId: camera, stream }, { bufferedAmount: 0, send: (data) => sent.push(data) }, state);
    return { texts: () => sent.filter((data) => typeof data === 'string').map((text) => (JSON.parse(text) as LiveMessage).type), packets: () => sent.filter((data) => typeof data !== 'string') };
  };
  const send = (data: Uint8Array, name: CameraStream = 'analysis') => packets.next({ cameraId: camera, stream: name, packet: data });
  const stream = (name: CameraStream = 'analysis') => liveMessages.next({ cameraId: camera, stream: name, message: { type: 'stream', codec: 'h264', codecString: 'avc1.64001f', width: 64, height: 48 } });
  const withhold = (name: CameraStream = 'analysis') => liveMessages.next({ cameraId: camera, stream: name, message: { type: 'withheld', reason: 'masks-changed', text: 'other masks' } });
  return { join, send, stream, withhold, change: () => changes.next() };
}

it('gives somebody who comes later the stream and the running group of pictures at once', () => {
  const { join, send, stream } = hub();
  join();
  stream();
  const group = [packet(true, 1), packet(false, 2), packet(false, 3)];
  for (const data of [packet(true, 0), ...group]) send(data);
  const late = join();
  expect(late.texts()).toEqual(['state', 'stream']);
  expect(late.packets()).toEqual(group);
  send(packet(false, 4));
  expect(late.packets()).toHaveLength(4);
});

it('keeps nothing of an earlier stream, and no group that is larger than a viewer may have waiting', () => {
  const { join, send, stream } = hub();
  join();
  stream();
  send(packet(true, 0));
  stream();
  expect(join().packets()).toEqual([]);
  send(packet(true, 1, 1_500_000));
  send(packet(false, 2, 1_500_000));
  send(packet(false, 3));
  expect(join().packets()).toEqual([]);
});

it('hands out no picture of before when masks may have changed: neither to who watches nor to who comes', () => {
  const { join, send, stream, withhold, change } = hub();
  const first = join();
  stream();
  send(packet(true, 0));
  change();
  expect(join().packets()).toEqual([]);
  withhold();
  send(packet(false, 1));
  expect(first.packets()).toHaveLength(1);
  expect(join().texts()).toEqual(['state', 'withheld']);
  stream();
  const masked = packet(true, 2);
  send(masked);
  expect(join().packets()).toEqual([masked]);
  expect(join().texts()).toEqual(['state', 'stream']);
});
