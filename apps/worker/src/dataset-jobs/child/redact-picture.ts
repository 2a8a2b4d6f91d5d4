import type { BoxPixels, SampleQuality, TilingSettings } from '@argus/contracts';
import { boxAt, growBox } from '@argus/geometry';
import { decodeStill, measureStill, redactStill, thumbnail, type Redaction, type VideoFrame } from '@argus/media';
import { readKeypoints, type KeypointName } from '@argus/models';
import { headRegion, upperThird, type Joint } from './head-region.js';
import { detectIn, openedModel } from './opened-models.js';

export interface RedactOrder {
  readonly content: Uint8Array;
  readonly detector: string;
  readonly minScore: number;
  readonly tiling: TilingSettings | null;
  /** Package that finds the joints of a person; null: heads are not covered. */
  readonly joints: string | null;
  /** Things that are covered as a whole. */
  readonly labels: readonly string[];
  /** What people and models have labelled. */
  readonly labelled: readonly { readonly label: string; readonly box: BoxPixels }[];
  readonly how: Redaction['how'];
}

export interface RedactedPicture {
  readonly jpeg: Uint8Array;
  readonly thumbnail: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly quality: SampleQuality;
  readonly regions: readonly BoxPixels[];
}

const PERSON = 'person';
const THUMBNAIL_SIDE = 320;
/** Boxes of detectors may cut off an edge. */
const MARGIN = 0.06;

/** A new picture in which heads and chosen things are covered. @throws StillError */
export async function redactPicture(order: RedactOrder): Promise<RedactedPicture> {
  const frame = decodeStill(order.content);
  try {
    const regions = await regionsOf(frame, order);
    const jpeg = redactStill(frame, { boxes: regions, how: order.how });
    const made = decodeStill(jpeg);
    try {
      return { jpeg, thumbnail: thumbnail(jpeg, THUMBNAIL_SIDE), width: made.width, height: made.height, quality: measureStill(made), regions };
    } finally {
      made.free();
    }
  } finally {
    frame.free();
  }
}

async function regionsOf(frame: VideoFrame, { detector, minScore, tiling, joints, labels, labelled }: RedactOrder): Promise<BoxPixels[]> {
  const wanted = new Set(labels.map(comparable));
  const { count, boxes, labels: classes, labelNames } = await detectIn(frame, detector, minScore, tiling);
  const seen = [...labelled, ...Array.from({ length: count }, (_unused, row) => ({ label: labelNames[classes[row] as number] ?? '', box: boxAt(boxes, row) }))];
  const regions = seen.filter(({ label }) => wanted.has(comparable(label))).map(({ box }) => growBox(box, MARGIN));
  if (joints !== null) for (const { label, box } of seen) if (comparable(label) === PERSON) regions.push(await headOf(frame, box, joints));
  return regions;
}

/** MoveNet looks at one person, somewhat around the box. */
async function headOf(frame: VideoFrame, person: BoxPixels, model: string): Promise<BoxPixels> {
  if (person.width < 2 || person.height < 2) return upperThird(person);
  const { session, view } = await openedModel(model);
  const { scaleX, scaleY, offsetX, offsetY } = view.take(frame, growBox(person, 0.15));
  const [output] = await session.run(view.pixels, 1);
  if (!output) return upperThird(person);
  const { width, height } = view.input;
  const placed = Object.entries(readKeypoints(output.data, 0)).map(([name, { x, y, score }]) => [name, { x: (x * width - offsetX) / scaleX, y: (y * height - offsetY) / scaleY, score }]);
  return headRegion(person, Object.fromEntries(placed) as Record<KeypointName, Joint>);
}

const comparable = (label: string): string => label.normalize('NFC').toLowerCase();
