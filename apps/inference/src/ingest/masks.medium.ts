import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Camera, EngineToGateway, LiveMessage, LivePacket, PrivacyMask, SizePixels } from '@argus/contracts';
import { openSource } from '@argus/media';
import { DEMO_CLIP, makeClip, startRtspCameras, waitFor, whyNoClips, type RtspCameras } from '@argus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeH264, decodeJpeg, varianceIn, type Area } from '../fixtures/decode-with-ffmpeg.js';
import { cameraOf, configOf, DEMO_FOLDER, EngineFixture, pipelineOf, ruleOf } from '../fixtures/engine-fixture.js';

/** Real: the built engine, RTSP, encoding; what comes out is decoded by the ffmpeg command. */
const why = existsSync(new URL('../../dist/main.js', import.meta.url)) ? whyNoClips() : 'apps/inference is not built (tsc -b)';
if (why !== null) console.warn(`skipped: ${why}`);

const open: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

const SIZE = { width: 768, height: 576 };
const maskOf = (name: string, left: number, top: number, right: number, bottom: number): PrivacyMask => ({ name, enabled: true, polygon: [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }] });
/** The street's middle, where people walk; and a corner. */
const MIDDLE = maskOf('Middle', 0.25, 0.25, 0.75, 0.75);
const CORNER = maskOf('Corner', 0, 0, 0.2, 0.2);
/** Two large blocks of the encoder within the masks: at the edge it blurs what is outside into what is inside. */
const INSIDE: Area = { left: 0.3, top: 0.31, right: 0.7, bottom: 0.69 };
const IN_CORNER: Area = { left: 0, top: 0, right: 0.15, bottom: 0.14 };
const OUTSIDE: Area = { left: 0.05, top: 0.78, right: 0.95, bottom: 0.98 };
/** What an encoder leaves of one flat grey: it copies a little from beside. What was covered it has never seen; unmasked the same places have 50 and more. */
const NOTHING = 2;
const PIPELINE = pipelineOf({ analysisFps: 5, routes: [] });

async function camerasOn(options: Partial<Parameters<typeof startRtspCameras>[0]> = {}): Promise<RtspCameras> {
  const server = await startRtspCameras({ cameras: [{ path: 'a' }, { path: 'b' }], ...options });
  open.push({ stop: () => server.kill() });
  return server;
}

async function engineWith(...cameras: Camera[]): Promise<EngineFixture> {
  const fixture = await EngineFixture.start(configOf(cameras, [ruleOf()], [PIPELINE]));
  open.push(fixture);
  await until('all cameras online', () => cameras.every(({ id }) => fixture.gateway.ofType('states').some(({ states }) => states.some((state) => state.cameraId === id && state.state === 'online'))));
  return fixture;
}

const until = async (what: string, condition: () => unknown, timeoutMs = 30_000): Promise<void> => void (await waitFor(() => Boolean(condition()), timeoutMs, () => `expected ${what}`));

/** Everything about one camera in the order in which it came: what a viewer sees. */
function viewOf(fixture: EngineFixture, camera: Camera) {
  const messages: { readonly message: LiveMessage; readonly before: number }[] = [];
  const packets = (): LivePacket[] => fixture.gateway.packets.filter(({ cameraId }) => cameraId === camera.id).map(({ packet }) => packet);
  fixture.gateway.onMessage = (message: EngineToGateway) => {
    if (message.type === 'live' && message.cameraId === camera.id) messages.push({ message: message.message, before: packets().length });
  };
  const ofType = <T extends LiveMessage['type']>(type: T) => messages.filter((one): one is { message: Extract<LiveMessage, { type: T }>; before: number } => one.message.type === type);
  /** The packets between the last description of a stream so far and now, decoded. */
  const pictures = () => {
    const stream = ofType('stream').at(-1);
    if (!stream) return [];
    return decodeH264(packets().slice(stream.before).map(({ data }) => data), stream.message);
  };
  return { messages, packets, ofType, pictures };
}

async function jpegOf(fixture: EngineFixture, camera: Camera, requestId: string): Promise<Uint8Array> {
  fixture.gateway.send({ type: 'snapshot', requestId, cameraId: camera.id, maxWidth: SIZE.width });
  const answer = () => fixture.gateway.ofType('snapshot').find((one) => one.requestId === requestId);
  await until('a snapshot', answer);
  return Buffer.from(answer()?.jpegBase64 ?? '', 'base64');
}

async function unitsOf(clip: string): Promise<Set<string>> {
  const source = await openSource(`${pathToFileURL(clip).href}?pace=fast`, { fileRoots: [DEMO_FOLDER] });
  const units = new Set<string>();
  for (let packet = await source.next(); packet !== null; packet = await source.next()) {
    for (const unit of picturesIn(packet.toAnnexB())) units.add(unit);
    packet.free();
  }
  await source.close();
  return units;
}

/** Digests of the units of a packet that hold pixels. */
function picturesIn(annexB: Uint8Array): string[] {
  const bytes = Buffer.from(annexB);
  const starts: number[] = [];
  for (let at = bytes.indexOf(Buffer.of(0, 0, 1)); at >= 0; at = bytes.indexOf(Buffer.of(0, 0, 1), at + 3)) starts.push(at + 3);
  return starts.flatMap((start, index) => {
    let end = index + 1 < starts.length ? (starts[index + 1] as number) - 3 : bytes.length;
    while (end > start && bytes[end - 1] === 0) end -= 1;
    const type = (bytes[start] as number) & 0x1f;
    return type === 1 || type === 5 ? [createHash('sha1').update(bytes.subarray(start, end)).digest('hex')] : [];
  });
}

describe.skipIf(why !== null)('privacy masks', () => {
  it('are in every picture that a viewer gets, from the first on, and boxes keep their times', async () => {
    const server = await camerasOn();
    const camera = cameraOf({ url: server.url('a'), privacyMasks: [MIDDLE, { ...CORNER, enabled: false }] });
    const fixture = await engineWith(camera);
    const view = viewOf(fixture, camera);
    fixture.gateway.send({ type: 'watch', cameraIds: [camera.id] });
    await until('pictures', () => view.packets().length >= 45);
    await until('boxes', () => view.ofType('overlay').length >= 10);
    const packets = view.packets();
    expect(view.ofType('stream').map(({ message }) => message)).toEqual([expect.objectContaining({ codec: 'h264', ...SIZE, codecString: expect.stringMatching(/^avc1\.42c0/) })]);
    expect(packets[0]?.key).toBe(true);
    const pictures = view.pictures();
    expect(pictures.length).toBe(view.packets().length);
    expect(Math.max(...pictures.map((picture) => varianceIn(picture, INSIDE)))).toBeLessThan(NOTHING);
    expect(Math.min(...pictures.map((picture) => varianceIn(picture, OUTSIDE)))).toBeGreaterThan(100);
    // Switched off: it covers nothing.
    expect(Math.min(...pictures.map((picture) => varianceIn(picture, IN_CORNER)))).toBeGreaterThan(1);
    const times = packets.map(({ ptsUs }) => ptsUs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const keys = packets.filter(({ key }) => key).map(({ ptsUs }) => ptsUs);
    for (const [index, key] of keys.slice(1).entries()) expect(key - (keys[index] as number)).toBeLessThanOrEqual(2_100_000);
    const boxed = view.ofType('overlay').map(({ message }) => message.ptsUs).filter((ptsUs) => ptsUs >= (times[0] as number) && ptsUs <= (times.at(-1) as number));
    expect(boxed.length).toBeGreaterThan(5);
    for (const ptsUs of boxed) expect(times).toContain(ptsUs);
    // Nobody watches: nothing is encoded any more.
    fixture.gateway.send({ type: 'watch', cameraIds: [] });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const count = view.packets().length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(view.packets().length).toBe(count);
  });

  it('are in snapshots, in pictures of events, and in the picture of a test of its address', async () => {
    const server = await camerasOn();
    const camera = cameraOf({ url: server.url('a'), privacyMasks: [MIDDLE] });
    const fixture = await engineWith(camera);
    await until('an event with a picture', () => fixture.gateway.ofType('event').some(({ event }) => event.snapshotKey && event.thumbnailKey), 60_000);
    expect(varianceIn(decodeJpeg(await jpegOf(fixture, camera, 's'), SIZE), INSIDE)).toBeLessThan(NOTHING);
    const folder = join(fixture.folder, 'blobs');
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.jpg') && !name.endsWith('-thumbnail.jpg'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) expect(varianceIn(decodeJpeg(await readFile(join(folder, name)), SIZE), INSIDE)).toBeLessThan(NOTHING);
    fixture.gateway.send({ type: 'probe', requestId: 'same', url: camera.url, masks: [] });
    fixture.gateway.send({ type: 'probe', requestId: 'other', url: server.url('b'), masks: [CORNER.polygon] });
    await until('both answers', () => fixture.gateway.ofType('probed').length === 2);
    const [same, other] = ['same', 'other'].map((id) => fixture.gateway.ofType('probed').find(({ requestId }) => requestId === id)?.result);
    if (!same?.ok || !other?.ok) throw new Error('expected pictures');
    expect(varianceIn(decodeJpeg(Buffer.from(same.jpegBase64, 'base64'), SIZE), INSIDE)).toBeLessThan(NOTHING);
    const probed = decodeJpeg(Buffer.from(other.jpegBase64, 'base64'), SIZE);
    expect(varianceIn(probed, IN_CORNER)).toBeLessThan(NOTHING);
    expect(varianceIn(probed, INSIDE)).toBeGreaterThan(50);
  });

  it('take effect while somebody watches: nothing without them comes after the engine was told', async () => {
    const server = await camerasOn();
    const camera = cameraOf({ url: server.url('a') });
    const fixture = await engineWith(camera);
    const view = viewOf(fixture, camera);
    fixture.gateway.send({ type: 'watch', cameraIds: [camera.id] });
    await until('the original', () => view.packets().length >= 10);
    expect(view.pictures().length).toBeGreaterThan(5);
    let revision = 1;
    const mask = async (privacyMasks: PrivacyMask[]) => {
      const told = view.ofType('withheld').length;
      fixture.gateway.configure(configOf([{ ...camera, privacyMasks }], [ruleOf()], [PIPELINE], (revision += 1)));
      await until('a word that the picture goes', () => view.ofType('withheld').length > told);
      const from = view.ofType('withheld').at(-1)?.before ?? 0;
      await until('pictures afterwards', () => view.packets().length >= from + 15);
      // Whatever came after that word has the masks; the description of the stream came before the first of them.
      expect(view.ofType('stream').at(-1)?.before).toBe(from);
      return view.pictures();
    };
    const middle = await mask([MIDDLE]);
    expect(Math.max(...middle.map((picture) => varianceIn(picture, INSIDE)))).toBeLessThan(NOTHING);
    expect(Math.min(...middle.map((picture) => varianceIn(picture, IN_CORNER)))).toBeGreaterThan(1);
    expect(varianceIn(decodeJpeg(await jpegOf(fixture, camera, 'masked'), SIZE), INSIDE)).toBeLessThan(NOTHING);
    const both = await mask([CORNER, MIDDLE]);
    expect(Math.max(...both.map((picture) => Math.max(varianceIn(picture, INSIDE), varianceIn(picture, IN_CORNER))))).toBeLessThan(NOTHING);
    const none = await mask([]);
    expect(Math.min(...none.map((picture) => varianceIn(picture, INSIDE)))).toBeGreaterThan(50);
    const units = await unitsOf(DEMO_CLIP);
    for (const { data } of view.packets().slice(view.ofType('stream').at(-1)?.before)) for (const unit of picturesIn(data)) expect(units.has(unit)).toBe(true);
  });

  it('follow another size of picture in mid-stream', async () => {
    const server = await camerasOn({ otherSize: makeClip({ width: 480, height: 272, fps: 10, seconds: 20 }) });
    const camera = cameraOf({ url: server.url('a'), privacyMasks: [MIDDLE] });
    const fixture = await engineWith(camera);
    const view = viewOf(fixture, camera);
    const sizes = (): SizePixels[] => view.ofType('stream').map(({ message: { width, height } }) => ({ width, height }));
    fixture.gateway.send({ type: 'watch', cameraIds: [camera.id] });
    await until('the first size', () => view.packets().length >= 10);
    const first = view.pictures();
    await server.fault('a', 'resolution');
    await until('the other size', () => sizes().at(-1)?.width === 480 && view.packets().length >= (view.ofType('stream').at(-1)?.before ?? 0) + 10);
    expect(sizes()).toEqual([SIZE, { width: 480, height: 272 }]);
    for (const picture of [...first, ...view.pictures()]) expect(varianceIn(picture, { left: 0.33, top: 0.34, right: 0.67, bottom: 0.66 })).toBeLessThan(NOTHING);
  });

  it('cost a camera without them nothing: its packets come as they were sent', async () => {
    const server = await camerasOn();
    const [plain, masked] = [cameraOf({ url: server.url('a') }), cameraOf({ url: server.url('b'), privacyMasks: [MIDDLE] })];
    const fixture = await engineWith(plain, masked);
    const view = viewOf(fixture, plain);
    fixture.gateway.send({ type: 'watch', cameraIds: [plain.id, masked.id] });
    await until('pictures', () => view.packets().length >= 30);
    const units = await unitsOf(DEMO_CLIP);
    const sent = view.packets().map(({ data }) => picturesIn(data));
    for (const packet of sent) {
      expect(packet.length).toBeGreaterThan(0);
      for (const unit of packet) expect(units.has(unit)).toBe(true);
    }
  });
});
