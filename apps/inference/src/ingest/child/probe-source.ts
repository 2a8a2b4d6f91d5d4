import type { ProbeResult } from '@argus/contracts';
import { messageOf, redactCredentials, type Clock } from '@argus/kernel';
import { encodeJpeg, openSource, PrivacyPainter, SourceError, VideoDecoder, type MediaSource, type VideoFrame } from '@argus/media';
import type { MaskOrder } from '../messages.js';

const PICTURE_WITHIN_MS = 8000;
const MAX_WIDTH = 960;

export interface ProbeOrder {
  readonly url: string;
  readonly fileRoots: readonly string[];
  /** What is covered in the picture. */
  readonly masks: MaskOrder['areas'];
}

/** Opens a stream, takes its first picture, closes. Never throws: the failure is the answer. */
export async function probeSource({ url, fileRoots, masks }: ProbeOrder, clock: Clock): Promise<ProbeResult> {
  const startedMs = clock.monotonicMs();
  const elapsedMs = (): number => Math.round(clock.monotonicMs() - startedMs);
  let source: MediaSource | null = null;
  try {
    source = await openSource(url, { connectTimeoutMs: 5000, readTimeoutMs: 3000, fileRoots });
    const jpeg = await firstPicture(source, masks, () => elapsedMs() > PICTURE_WITHIN_MS);
    return { ok: true, stream: source.stream, jpegBase64: Buffer.from(jpeg).toString('base64'), elapsedMs: elapsedMs() };
  } catch (error) {
    const reason = error instanceof SourceError ? error.reason : 'unknown';
    return { ok: false, reason, message: redactCredentials(messageOf(error)), elapsedMs: elapsedMs() };
  } finally {
    await source?.close();
  }
}

async function firstPicture(source: MediaSource, masks: MaskOrder['areas'], isLate: () => boolean): Promise<Uint8Array> {
  const decoder = new VideoDecoder(source);
  try {
    for (let packet = await source.next(); packet !== null; packet = await source.next()) {
      const frames = decoder.decode(packet);
      packet.free();
      const [first] = frames;
      const jpeg = first ? coveredJpeg(first, masks) : null;
      for (const frame of frames) frame.free();
      if (jpeg) return jpeg;
      if (isLate()) throw new SourceError('timeout', `connected, but no picture could be decoded within ${PICTURE_WITHIN_MS / 1000} s`);
    }
  } finally {
    decoder.close();
  }
  throw new SourceError('ended', 'the stream ended before its first picture');
}

function coveredJpeg(frame: VideoFrame, masks: MaskOrder['areas']): Uint8Array {
  if (masks.length === 0) return encodeJpeg(frame, { maxWidth: MAX_WIDTH, quality: 80 });
  const painter = new PrivacyPainter(masks);
  try {
    const covered = painter.paint(frame);
    try {
      return encodeJpeg(covered, { maxWidth: MAX_WIDTH, quality: 80 });
    } finally {
      covered.free();
    }
  } finally {
    painter.close();
  }
}
