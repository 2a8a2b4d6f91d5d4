import type { CameraId, CameraState, EngineToGateway, StreamInfo, TrackedObject, TrackId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { LiveOutlet } from './live-outlet.js';

const camera = newId<CameraId>();
const stream: StreamInfo = { codec: 'h264', width: 200, height: 100, fps: 10 };
const state: CameraState = { cameraId: camera, state: 'online', reason: null, since: '2026-01-01T00:00:00.000Z', lastError: null, lastErrorAt: null, attempts: 0 };
const data = new Uint8Array(30);

function setUp() {
  const sent: EngineToGateway[] = [];
  const packets: Uint8Array[] = [];
  const link = { congested: false, send: (message: EngineToGateway) => void sent.push(message), sendBinary: (frame: Uint8Array) => void packets.push(frame) };
  return { sent, packets, link, outlet: new LiveOutlet(link, 'analysis') };
}

describe('LiveOutlet', () => {
  it('says nothing about a camera that nobody watches', () => {
    const { sent, packets, outlet } = setUp();
    outlet.stream(camera, stream, 'avc1.64001f');
    outlet.state(state);
    outlet.overlay(camera, 1, stream, []);
    outlet.packet(camera, true, data);
    expect([sent, packets]).toEqual([[], []]);
  });

  it('describes stream and state before anything else, and again when the stream changes', () => {
    const { sent, outlet } = setUp();
    outlet.stream(camera, stream, 'avc1.64001f');
    expect(outlet.watch([camera], () => state)).toEqual({ added: [camera], removed: [] });
    outlet.stream(camera, { ...stream, width: 400 }, 'avc1.640028');
    expect(sent).toMatchObject([{ message: { type: 'stream', width: 200, codecString: 'avc1.64001f' } }, { message: { type: 'state' } }, { message: { type: 'stream', width: 400 } }]);
    expect(outlet.watch([], () => state)).toEqual({ added: [], removed: [camera] });
  });

  it('gives boxes as fractions under the pts of their frame', () => {
    const { sent, outlet } = setUp();
    outlet.watch([camera], () => null);
    const attributes: TrackedObject['attributes'] = { posture: { label: 'bent', score: 0.7, candidates: [], model: { id: 'm' as never, version: '1.0.0' }, settled: true } };
    const object: TrackedObject = { trackId: newId<TrackId>(), number: 3, label: 'person', score: 0.9, box: { x: 20, y: 10, width: 40, height: 50 }, firstSeenUs: 0, observed: true, stationarySeconds: 0, attributes };
    outlet.overlay(camera, 123_456, stream, [object]);
    expect(sent).toMatchObject([{ cameraId: camera, message: { type: 'overlay', ptsUs: 123_456, objects: [{ number: 3, box: { x: 0.1, y: 0.1, width: 0.2, height: 0.5 }, attributes: [{ name: 'posture', label: 'bent', score: 0.7 }] }] } }]);
  });

  it('drops packets of a slow gateway up to the next key frame', () => {
    const { packets, link, outlet } = setUp();
    outlet.watch([camera], () => null);
    outlet.packet(camera, true, data);
    link.congested = true;
    outlet.packet(camera, false, data);
    link.congested = false;
    outlet.packet(camera, false, data);
    expect(packets).toHaveLength(1);
    outlet.packet(camera, true, data);
    outlet.packet(camera, false, data);
    expect(packets).toHaveLength(3);
  });

  it('takes the picture away when masks change, and shows a masked camera as it is encoded, never as it comes', () => {
    const { sent, packets, outlet } = setUp();
    outlet.stream(camera, stream, 'avc1.64001f');
    outlet.watch([camera], () => null);
    outlet.packet(camera, true, data);
    outlet.mask(camera, true);
    outlet.stream(camera, { ...stream, width: 400 }, 'avc1.640028');
    outlet.packet(camera, false, data);
    outlet.shown(camera, { masks: 1, stream: { ...stream, width: 198 }, codecString: 'avc1.42c01f' });
    outlet.packet(camera, true, data);
    outlet.mask(camera, false);
    expect(sent.map((one) => one.type === 'live' && one.message)).toMatchObject([
      { type: 'stream', codecString: 'avc1.64001f' },
      { type: 'withheld', reason: 'masks-changed' },
      { type: 'stream', codecString: 'avc1.42c01f', width: 198 },
      { type: 'withheld', reason: 'masks-changed' },
      { type: 'stream', codecString: 'avc1.640028', width: 400 },
    ]);
    expect(packets).toHaveLength(2);
  });

  it('says why a masked camera cannot be shown, also to who comes later', () => {
    const { sent, outlet } = setUp();
    outlet.stream(camera, stream, 'avc1.64001f');
    outlet.mask(camera, true);
    outlet.shown(camera, { masks: 1, withheld: 'no-encoder', text: 'no encoder here' });
    outlet.watch([camera], () => null);
    expect(sent).toMatchObject([{ message: { type: 'withheld', reason: 'no-encoder', text: 'no encoder here' } }]);
  });
});
