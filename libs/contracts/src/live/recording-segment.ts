import { z } from 'zod';
import { BoxNormalized } from '../geometry.js';
import { CameraId, SegmentId, TrackId } from '../ids.js';
import { Attributes } from './attribute.js';
import { STREAM_CODECS } from './camera.js';

/** One group of pictures in a segment's file: begins with a key frame, can be played with the file's head alone. */
export const Fragment = z.object({
  /** Place in the file, bytes. */
  offset: z.number().int().nonnegative(),
  bytes: z.number().int().positive(),
  /** Since the segment's start, milliseconds. */
  startMs: z.number().nonnegative(),
  durationMs: z.number().positive(),
  /** Video packets. */
  packets: z.number().int().positive(),
});
export type Fragment = z.infer<typeof Fragment>;

/** What was seen in one analysed picture; pictures in which nothing was seen after others without anything are left out. */
export const RecordedPicture = z.object({
  /** Since the segment's start, milliseconds. */
  atMs: z.number().nonnegative(),
  objects: z.array(
    z.object({
      trackId: TrackId,
      /** Small number counted per camera from 1, for people. */
      number: z.number().int().positive(),
      label: z.string(),
      score: z.number().min(0).max(1),
      box: BoxNormalized,
      attributes: Attributes,
    }),
  ),
});
export type RecordedPicture = z.infer<typeof RecordedPicture>;

/** A file of footage: fragmented MP4, some ten seconds, cut at a key frame. Its head is the bytes before the first fragment. */
export const RecordingSegment = z.object({
  id: SegmentId,
  cameraId: CameraId,
  /** Below the recordings folder, or the key in the second tier: `<camera>/<day>/<startMs>-<id>.mp4`. */
  path: z.string().min(1).max(300),
  startAt: z.iso.datetime(),
  endAt: z.iso.datetime(),
  bytes: z.number().int().positive(),
  codec: z.enum(STREAM_CODECS),
  /** For `MediaSource.isTypeSupported`: `video/mp4; codecs="…"` with this inside. */
  codecString: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  hasAudio: z.boolean(),
  /** A digest of what a decoder is set up with: fragments of files with the same one can follow each other in one film. */
  headId: z.string().regex(/^[0-9a-f]{16}$/),
  /** Counted from 1 for each connection to the camera: between two connections there is a gap. */
  connection: z.number().int().positive(),
  fragments: z.array(Fragment).min(1),
  /** Share of changed pixels, largest of each second from the start on, 0..255. */
  motion: z.array(z.number().int().min(0).max(255)),
  /** Tracked objects, oldest first: what burnt-in boxes and the timeline's player draw. */
  pictures: z.array(RecordedPicture).default([]),
});
export type RecordingSegment = z.infer<typeof RecordingSegment>;
