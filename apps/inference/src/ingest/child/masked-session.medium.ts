import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StreamInfo } from '@argus/contracts';
import { openSource, type EncodedPicture, type MediaPacket, type MediaSource } from '@argus/media';
import { DEMO_CLIP } from '@argus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_FOLDER } from '../../fixtures/engine-fixture.js';
import { DecodeTurns } from './decode-turns.js';
import { MaskedSession, type MaskedSessionOptions } from './masked-session.js';

/** Real: decoding, covering, encoding. What goes wrong is made to: areas that are none. */
const AREA = [{ x: 0.25, y: 0.25 }, { x: 0.75, y: 0.25 }, { x: 0.75, y: 0.75 }];
const open: MediaSource[] = [];
afterEach(async () => {
  for (const source of open.splice(0)) await source.close();
});

const FIXTURES = fileURLToPath(new URL('../../../../../libs/media/fixtures', import.meta.url));

async function setUp(options: Partial<MaskedSessionOptions> = {}, clip = DEMO_CLIP) {
  const source = await openSource(`${pathToFileURL(clip).href}?pace=fast`, { fileRoots: [DEMO_FOLDER, FIXTURES] });
  open.push(source);
  const [pictures, failures, streams]: [EncodedPicture[], unknown[], StreamInfo[]] = [[], [], []];
  const blamed: number[] = [];
  const session = new MaskedSession({
    source,
    areas: [AREA],
    hardware: false,
    turns: new DecodeTurns(),
    ring: { blame: (number) => void blamed.push(number) },
    blameNumber: 7,
    picture: (picture) => pictures.push(picture) > 0,
    began: (stream) => streams.push(stream),
    failed: (error) => failures.push(error),
    ...options,
  });
  const read = async (count: number): Promise<MediaPacket[]> => {
    const packets: MediaPacket[] = [];
    while (packets.length < count) packets.push((await source.next()) as MediaPacket);
    return packets;
  };
  const give = (packets: readonly MediaPacket[]): void => {
    for (const packet of packets) session.take(packet);
    for (const packet of packets) packet.free();
  };
  const settled = async (isSo: () => boolean): Promise<void> => {
    for (let waited = 0; waited < 200 && !isSo(); waited += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    expect(isSo()).toBe(true);
  };
  return { session, pictures, failures, streams, blamed, read, give, settled };
}

describe('MaskedSession', () => {
  it('shows of a running group the last picture only, then all, each under its own time', async () => {
    const { session, pictures, streams, blamed, read, give, settled } = await setUp();
    const group = await read(10);
    session.catchUp(group);
    const last = group.at(-1)?.ptsUs;
    for (const packet of group) packet.free();
    await settled(() => pictures.length === 1);
    expect(pictures[0]).toMatchObject({ key: true, ptsUs: last });
    const more = await read(5);
    const times = more.map(({ ptsUs }) => ptsUs);
    give(more);
    await settled(() => pictures.length === 6);
    expect(pictures.slice(1).map(({ ptsUs, key }) => [ptsUs, key])).toEqual(times.map((ptsUs) => [ptsUs, false]));
    expect(streams).toEqual([{ codec: 'h264', width: 768, height: 576, fps: 10 }]);
    expect([new Set(blamed), blamed.at(-1)]).toEqual([new Set([7, 0]), 0]);
    session.end();
  });

  it('begins with a key frame, and gives one again when the reader was behind', async () => {
    let keepsUp = true;
    const told: boolean[] = [];
    const { session, read, give, settled } = await setUp({ picture: ({ key }) => (told.push(key), keepsUp) });
    const [first, ...rest] = await read(8);
    give(rest.splice(0, 3));
    give([first as MediaPacket]);
    await settled(() => told.length === 0 || told.length === 1);
    give(rest.splice(0, 2));
    await settled(() => told.length === 3);
    keepsUp = false;
    give(rest.splice(0, 1));
    await settled(() => told.length === 4);
    keepsUp = true;
    give(rest);
    await settled(() => told.length === 5);
    expect(told).toEqual([true, false, false, false, true]);
    session.end();
  });

  it('shows nothing when covering fails, and says so', async () => {
    const { session, pictures, failures, read, give, settled } = await setUp({ areas: [null as never] });
    give(await read(30));
    await settled(() => failures.length > 0);
    expect(pictures).toEqual([]);
    session.end();
  });

  it('shows nothing after its end, whatever is under way', async () => {
    const { session, pictures, read, give, settled } = await setUp();
    give(await read(15));
    await settled(() => pictures.length > 1);
    session.end();
    const count = pictures.length;
    give(await read(5));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(pictures).toHaveLength(count);
  });

  it.each(['h265-b-frames.mp4', 'h264-b-frames.mp4'])('gives pictures of %s in the order in which they are shown', async (name) => {
    const { pictures, read, give, settled, session } = await setUp({}, `${FIXTURES}/${name}`);
    give(await read(20));
    // The last few are held back by the decoder: others could come before them.
    await settled(() => pictures.length >= 15);
    expect(pictures.map(({ ptsUs }) => ptsUs)).toEqual(pictures.map((_picture, index) => index * 100_000));
    session.end();
  });
});
