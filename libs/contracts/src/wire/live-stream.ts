import { z } from 'zod';
import { BoxNormalized } from '../geometry.js';
import { CameraState, STREAM_CODECS } from '../live/camera.js';
import { TrackId } from '../ids.js';

/**
 * The live view's WebSocket, `/api/v1/cameras/:id/live`, gateway to browser. `?stream=main`: the large stream of a camera that has another one for analysis;
 * its overlays are laid on it by the time of arrival.
 *
 * Text frames are JSON, `LiveMessage`. Binary frames are one encoded video packet: the camera's own, as
 * it came, or, where the camera has privacy masks, H.264 that was encoded again with its masks in it:
 *
 *   byte 0      flags: bit 0 = key frame, bit 1 = of the main stream beside the analysed one
 *   bytes 1-8   ptsUs, float64 little-endian, media time in microseconds
 *   bytes 9-    packet: H.264/H.265 in Annex B with parameter sets before each key frame, or one whole JPEG (mjpeg)
 *
 * A viewer that falls behind loses packets up to the next key frame; it never slows the camera or another viewer.
 */
export const LIVE_PACKET_HEADER_BYTES = 9;
const KEY = 1;
const MAIN = 2;

/** Object as drawn over the picture. */
export const OverlayObject = z.object({
  trackId: TrackId,
  number: z.number().int(),
  label: z.string(),
  score: z.number(),
  box: BoxNormalized,
  observed: z.boolean(),
  attributes: z.array(z.object({ name: z.string(), label: z.string(), score: z.number() })),
});
export type OverlayObject = z.infer<typeof OverlayObject>;

/** Why nothing is shown: the masks are others now, nothing here can encode pictures with masks in them, or covering them failed. */
export const WITHHELD_REASONS = ['masks-changed', 'no-encoder', 'masking-failed'] as const;
export type WithheldReason = (typeof WITHHELD_REASONS)[number];

export const LiveMessage = z.discriminatedUnion('type', [
  /** Sent first and whenever the stream changes; packets that follow are of this stream. `codecString` is for WebCodecs, e.g. `avc1.64001f`. */
  z.object({
    type: z.literal('stream'),
    codec: z.enum(STREAM_CODECS),
    codecString: z.string(),
    width: z.number().int(),
    height: z.number().int(),
  }),
  /** Tracks on the frame with exactly this ptsUs. */
  z.object({ type: z.literal('overlay'), ptsUs: z.number(), objects: z.array(OverlayObject) }),
  z.object({ type: z.literal('state'), state: CameraState }),
  /** What was shown before must not be shown any longer: a stream description follows before the next picture. `text`: in words, for people. */
  z.object({ type: z.literal('withheld'), reason: z.enum(WITHHELD_REASONS), text: z.string() }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;

export interface LivePacket {
  readonly key: boolean;
  /** Of the main stream of a camera that has another one for analysis. */
  readonly main?: boolean;
  readonly ptsUs: number;
  readonly data: Uint8Array;
}

export function encodeLivePacket(packet: LivePacket): Uint8Array {
  const bytes = new Uint8Array(LIVE_PACKET_HEADER_BYTES + packet.data.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (packet.key ? KEY : 0) | (packet.main ? MAIN : 0));
  view.setFloat64(1, packet.ptsUs, true);
  bytes.set(packet.data, LIVE_PACKET_HEADER_BYTES);
  return bytes;
}

/** Whether a packet as above is of the main stream beside the analysed one. */
export const isOfMainStream = (bytes: Uint8Array): boolean => ((bytes[0] ?? 0) & MAIN) !== 0;

/** `data` of the result shares the buffer of `bytes`. */
export function decodeLivePacket(bytes: Uint8Array): LivePacket {
  if (bytes.byteLength < LIVE_PACKET_HEADER_BYTES) throw new RangeError(`live packet: expected at least ${LIVE_PACKET_HEADER_BYTES} bytes, got ${bytes.byteLength}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { key: (view.getUint8(0) & KEY) !== 0, main: (view.getUint8(0) & MAIN) !== 0, ptsUs: view.getFloat64(1, true), data: bytes.subarray(LIVE_PACKET_HEADER_BYTES) };
}
