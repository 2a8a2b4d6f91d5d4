import { z } from 'zod';
import { CameraId, DatasetId, SegmentId } from '../ids.js';
import { Annotation, BoxPrecise } from './annotation.js';
import { Sha256 } from './sample.js';

/** Of the same thing in several pictures; whoever draws the first box makes it up. The same in two requests: the same thing. */
export const TrackName = z.string().trim().min(1).max(64);
/** Wall time of a picture, milliseconds since 1970 with fractions: the picture that was taken nearest to it, at most 15 ms off. */
const PictureTime = z.number().min(0).max(8.64e15);
const Box = BoxPrecise.refine(({ width, height }) => width >= 2 && height >= 2, 'expected a width and a height of 2 pixels or more');

/** How far boxes are followed at most, in seconds of wall time. Backwards all pictures of a file are held in memory. */
export const MOST_FOLLOWED_SECONDS = { forward: 120, backward: 30 } as const;

/** Boxes that a person drew in pictures of one camera's footage, to be followed from there. */
export const FollowBoxes = z.object({
  direction: z.enum(['forward', 'backward']).default('forward'),
  /** Pictures beyond it are not looked at. */
  untilMs: PictureTime,
  /** In pixels of the picture. A later box of the same track puts it right: from there on it is followed anew. */
  boxes: z.array(z.object({ track: TrackName, atMs: PictureTime, box: Box })).min(1).max(500),
  /** From this picture on a track is not there any more. */
  ends: z.array(z.object({ track: TrackName, atMs: PictureTime })).max(500).default([]),
}).superRefine(({ direction, untilMs, boxes }, context) => {
  const times = boxes.map(({ atMs }) => atMs);
  const seconds = (direction === 'forward' ? untilMs - Math.min(...times) : Math.max(...times) - untilMs) / 1000;
  const most = MOST_FOLLOWED_SECONDS[direction];
  if (!(seconds > 0 && seconds <= most)) context.addIssue({ code: 'custom', path: ['untilMs'], message: `expected a time up to ${most} s ${direction === 'forward' ? 'after the first' : 'before the last'} box, got ${seconds.toFixed(3)} s` });
  if (new Set(boxes.map(({ track }) => track)).size > 50) context.addIssue({ code: 'custom', path: ['boxes'], message: 'expected boxes of at most 50 tracks' });
});
export type FollowBoxes = z.infer<typeof FollowBoxes>;

const Instant = z.union([PictureTime, z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);
/** The same as a file that people write: with labels, and with times as text. */
export const DrawnTracks = z.object({
  boxes: z.array(z.object({ track: TrackName, label: z.string().trim().min(1).max(200), at: Instant, box: Box })).min(1),
  ends: z.array(z.object({ track: TrackName, at: Instant })).default([]),
});
export type DrawnTracks = z.infer<typeof DrawnTracks>;

/** Why following ended: the wanted end; no footage behind; pictures of another size behind; nothing is left that is seen. */
export const FOLLOW_ENDS = ['until', 'gap', 'size', 'lost'] as const;

/** One line of the answer to FollowBoxes. */
export const FollowedLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('picture'),
    atMs: z.number(),
    segmentId: SegmentId,
    /** Of the picture in its segment. */
    frameIndex: z.number().int(),
    ptsUs: z.number().int(),
    width: z.number().int(),
    height: z.number().int(),
    /** `drawn`: as the person drew it. Confidence 0..1: how much it looks there as it did, and nowhere else. */
    boxes: z.array(z.object({ track: TrackName, box: BoxPrecise, confidence: z.number(), drawn: z.boolean() })),
    /** Tracks that are being looked for. */
    lost: z.array(TrackName),
  }),
  z.object({ kind: z.literal('end'), because: z.enum(FOLLOW_ENDS), pictures: z.number().int() }),
  /** It broke off; pictures before this line are right. */
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
]);
export type FollowedLine = z.infer<typeof FollowedLine>;
export type FollowedPicture = Extract<FollowedLine, { kind: 'picture' }>;

/** Lines of an answer that is here as a whole. */
export const followedLines = (answer: string): FollowedLine[] => answer.split('\n').filter(Boolean).map((line) => FollowedLine.parse(JSON.parse(line)));

/** A box of a picture that goes into a set. */
export const PictureLabel = z.object({
  track: TrackName,
  label: z.string().trim().min(1).max(200),
  box: Box,
  /** By a person in this very picture; else followed to it. */
  drawn: z.boolean(),
  /** Of the follower; null: drawn. */
  confidence: z.number().min(0).max(1).nullable().default(null),
});
export type PictureLabel = z.infer<typeof PictureLabel>;

export const MOST_FOOTAGE_PICTURES = 100;
/** Pictures of one camera's footage with their boxes, for a set. */
export const AddFootagePictures = z.object({
  cameraId: CameraId,
  /** With the camera's privacy masks of now burnt in; `false` takes the permission `recording.original`. */
  masked: z.boolean().default(true),
  jpegQuality: z.number().int().min(30).max(100).default(92),
  pictures: z.array(z.object({ atMs: PictureTime, labels: z.array(PictureLabel).max(200) })).min(1).max(MOST_FOOTAGE_PICTURES),
}).refine(({ pictures }) => Math.max(...pictures.map(({ atMs }) => atMs)) - Math.min(...pictures.map(({ atMs }) => atMs)) <= 600_000, { path: ['pictures'], error: 'expected pictures of ten minutes at most' });
export type AddFootagePictures = z.infer<typeof AddFootagePictures>;

/** Every n-th of followed pictures from the first on, and those in which somebody drew; not those with nothing in them. `labels`: by track; tracks without one are left out. */
export function picturesToSend(pictures: readonly Pick<FollowedPicture, 'atMs' | 'boxes'>[], labels: ReadonlyMap<string, string>, every: number): AddFootagePictures['pictures'] {
  return pictures.flatMap(({ atMs, boxes }, index) => {
    if (index % every !== 0 && !boxes.some(({ drawn }) => drawn)) return [];
    const told = boxes.flatMap(({ track, box, drawn, confidence }) => {
      const label = labels.get(track);
      return label === undefined || box.width < 2 || box.height < 2 ? [] : [{ track, label, box, drawn, confidence: drawn ? null : confidence }];
    });
    return told.length > 0 ? [{ atMs, labels: told }] : [];
  });
}

export const AddedFootagePictures = z.object({
  pictures: z.array(z.object({
    /** As it was asked for. */
    atMs: z.number(),
    sha256: Sha256,
    /** What was said of the picture where it was in the set already; null: it came in. To take it back, save these, or remove the sample. */
    before: z.array(Annotation).nullable(),
  })),
  added: z.number().int(),
  /** They were in the set already: boxes of the same tracks were replaced, others kept. */
  changed: z.number().int(),
  /** Pictures that could not be taken, and why. */
  problems: z.array(z.object({ atMs: z.number(), problem: z.string() })),
});
export type AddedFootagePictures = z.infer<typeof AddedFootagePictures>;

/** What the gateway asks the worker; who may is decided there. `masked`: cover what the camera's masks cover. */
export const FollowQuestion = z.object({ cameraId: CameraId, masked: z.boolean(), wish: FollowBoxes });
export type FollowQuestion = z.infer<typeof FollowQuestion>;
export const AddPicturesQuestion = z.object({ datasetId: DatasetId, drawnBy: z.string(), wish: AddFootagePictures });
export type AddPicturesQuestion = z.infer<typeof AddPicturesQuestion>;

/** What a worker may say instead of an answer. */
export const LABELLING_CODES = ['labelling.no-picture', 'labelling.busy', 'labelling.failed', 'footage.masks-changed', 'footage.none', 'footage.damaged', 'footage.disk', 'remote.away', 'remote.refused', 'remote.damaged'] as const;
