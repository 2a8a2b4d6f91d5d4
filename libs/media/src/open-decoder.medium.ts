import { fileURLToPath } from 'node:url';
import { AV_HWDEVICE_TYPE_OPENCL } from 'node-av/constants';
import { HardwareDeviceContext } from 'node-av/lib';
import { describe, expect, it } from 'vitest';
import { DemuxedSource } from './demuxed-source.js';
import { hardwareDevices, type HardwareDevice } from './hardware-devices.js';
import { NativePacket } from './native-packet.js';
import { openDecoder } from './open-decoder.js';
import { openSource } from './sources/open-source.js';
import { VideoDecoder } from './video-decoder.js';

// Real: the devices of this machine, or their absence; native decoding.
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const { devices, missing } = hardwareDevices();
if (devices.length === 0) console.warn(`skipped in part: no decoding device here (${Object.entries(missing).map(([name, why]) => `${name}: ${why}`).join(', ')})`);

async function firstPicture(name: string, list: readonly HardwareDevice[] = devices) {
  const source = await openSource(`file://${FIXTURES}${name}?pace=fast`, { fileRoots: [FIXTURES] });
  const key = await source.next();
  if (!(source instanceof DemuxedSource) || !(key instanceof NativePacket)) throw new TypeError('expected native objects');
  const opened = openDecoder(source.stream.codec, source.parameters, key.native, list);
  opened.context.freeContext();
  const decoder = new VideoDecoder(source, true);
  const frames = decoder.decodeAlone(key);
  const sizes = frames.map(({ width, height }) => `${width}x${height}`);
  for (const frame of frames) frame.free();
  key.free();
  const used = decoder.name;
  decoder.close();
  await source.close();
  return { name: opened.name, used, sizes };
}

describe('hardware decoding', () => {
  it('tries each kind of device once and says of each that it is there or why not', () => {
    expect([...devices.map(({ name }) => name), ...Object.keys(missing)].sort()).toEqual(['cuda', 'vaapi']);
    for (const why of Object.values(missing)) expect(why.length).toBeGreaterThan(3);
    expect(hardwareDevices().devices).toBe(devices);
  });

  it.skipIf(devices.length > 0)('decodes in software where there is no device', async () => {
    expect(await firstPicture('h264.mpegts')).toEqual({ name: 'h264 (software)', used: 'h264 (software)', sizes: ['192x144'] });
    expect((await firstPicture('h265-b-frames.mp4')).used).toBe('hevc (software)');
  });

  it('falls back to software, with the reason, where a device does not decode the codec', async () => {
    // There is no decoding on OpenCL at all; its context is never looked at.
    const device: HardwareDevice = { name: 'opencl', type: AV_HWDEVICE_TYPE_OPENCL, context: new HardwareDeviceContext() };
    const { name, sizes } = await firstPicture('h264.mpegts', [device]);
    expect(name).toBe('h264 (software; opencl: does not decode this codec)');
    expect(sizes).toEqual(['192x144']);
  });

  it.skipIf(devices.length === 0)('gives the same picture from a device as in software', async () => {
    const { name, sizes } = await firstPicture('h264.mpegts');
    expect(name).toBe(`h264 (${devices[0]?.name})`);
    expect(sizes).toEqual(['192x144']);
  });
});
