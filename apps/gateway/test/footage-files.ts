import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CameraId, Fragment, RecordedPicture, RecordingSegment, SegmentId } from '@argus/contracts';
import { Box, BOX_HEADER, readFragmentHead, readHead, type SegmentHead } from '@argus/footage';
import { isoTime, newId } from '@argus/kernel';

export interface SegmentWish {
  readonly cameraId: CameraId;
  readonly startMs: number;
  readonly seconds?: number;
  readonly size?: string;
  /** Where in ffmpeg's test picture, which shows the time, it begins. */
  readonly from?: number;
  /** Brightness of its pictures instead of the test picture, one after the other. */
  readonly luma?: readonly Uint8Array[];
  /** Seconds between key frames. */
  readonly keySeconds?: number;
  readonly audio?: boolean;
  /** Pictures at an uneven rate, as from cameras that leave some out in the dark. */
  readonly uneven?: boolean;
  readonly connection?: number;
  readonly motion?: number[];
  readonly pictures?: RecordedPicture[];
}

/** Pictures a second in what `makeSegment` makes. */
export const FPS = 25;
const made = new Map<string, Buffer>();

/** A fragmented MP4 by ffmpeg below the recordings folder, and its description as the engine would send it. */
export function makeSegment(root: string, wish: SegmentWish): RecordingSegment {
  const { cameraId, startMs, seconds = 4, size = '160x120', keySeconds = 2, audio = false, uneven = false, connection = 1, from = 0 } = wish;
  const what = JSON.stringify([seconds, size, keySeconds, audio, uneven, from]);
  const bytes = wish.luma ? encodeLuma(wish.luma, size, keySeconds) : (made.get(what) ?? encode(seconds, size, keySeconds, audio, uneven, from));
  if (!wish.luma) made.set(what, bytes);
  const id = newId<SegmentId>();
  const path = `${cameraId}/${isoTime(startMs).slice(0, 10)}/${startMs}-${id}.mp4`;
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), bytes);
  const { head, fragments } = describe(bytes);
  const last = fragments.at(-1) as Fragment;
  const [width, height] = size.split('x').map(Number) as [number, number];
  const endAt = isoTime(startMs + Math.round(last.startMs + last.durationMs));
  const codecString = audio ? 'avc1.42c00b,mp4a.40.2' : 'avc1.42c00b';
  return { id, cameraId, path, startAt: isoTime(startMs), endAt, bytes: bytes.length, codec: 'h264', codecString, width, height, hasAudio: head.hasAudio, headId: head.id, connection, fragments, motion: wish.motion ?? [0, 10, 20, 30].slice(0, seconds), pictures: wish.pictures ?? [] };
}

function encode(seconds: number, size: string, keySeconds: number, audio: boolean, uneven: boolean, from: number): Buffer {
  const sound = audio ? ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-c:a', 'aac'] : [];
  return execFileSync(
    'ffmpeg',
    [
      '-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${FPS}`, ...sound, ...(from > 0 ? ['-ss', String(from)] : []), ...(uneven ? ['-vf', `select='not(mod(n,5))+not(mod(n,3))'`, '-fps_mode', 'passthrough'] : []), '-t', String(seconds), ...LIKE_CAMERAS(keySeconds),
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
}

const LIKE_CAMERAS = (keySeconds: number): string[] => ['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', String(keySeconds * FPS), '-sc_threshold', '0', '-movflags', 'frag_keyframe+empty_moov+default_base_moof+skip_trailer', '-video_track_timescale', '1000000', '-f', 'mp4', 'pipe:1'];

function encodeLuma(pictures: readonly Uint8Array[], size: string, keySeconds: number): Buffer {
  return execFileSync('ffmpeg', ['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', size, '-r', String(FPS), '-i', 'pipe:0', ...LIKE_CAMERAS(keySeconds)], { input: Buffer.concat(pictures), maxBuffer: 64 * 1024 * 1024 });
}

function describe(bytes: Buffer): { head: SegmentHead; fragments: Fragment[] } {
  const boxes = Box.around(bytes).children();
  const first = boxes.find(({ type }) => type === 'moof');
  const head = readHead(Box.around(bytes.subarray(0, first?.at)).only('moov'), bytes.subarray(0, first?.at));
  const fragments = boxes.flatMap((box, index) => {
    if (box.type !== 'moof') return [];
    const { startMs, durationMs, packets, dataBytes } = readFragmentHead(box, head);
    const mdat = boxes[index + 1];
    if (mdat?.type !== 'mdat' || mdat.body.length !== dataBytes) throw new Error('ffmpeg made a fragment that cannot be read');
    return { offset: box.at, bytes: box.body.length + mdat.body.length + BOX_HEADER * 2, startMs, durationMs, packets };
  });
  return { head, fragments };
}

/** What ffprobe sees when it decodes everything, and every complaint of ffmpeg. */
export function decode(path: string): { frames: number; startSeconds: number; seconds: number; complaints: string; times: number[] } {
  const probe = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-count_frames', '-select_streams', 'v', '-show_entries', 'stream=nb_read_frames:packet=pts_time,duration_time', '-show_packets', '-of', 'json', path], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })) as { streams: { nb_read_frames: string }[]; packets: { pts_time: string; duration_time: string }[] };
  const complaints = execFileSync('sh', ['-c', 'ffmpeg -v warning -xerror -i "$0" -f null - 2>&1', path], { encoding: 'utf8' });
  const times = probe.packets.map(({ pts_time }) => Number(pts_time));
  const last = probe.packets.at(-1);
  return { frames: Number(probe.streams[0]?.nb_read_frames), startSeconds: times[0] ?? NaN, seconds: Number(last?.pts_time) + Number(last?.duration_time), complaints, times };
}

export const bytesAt = (root: string, path: string): Buffer => readFileSync(join(root, path));
