import { maskedAreas, type RecordedPicture } from '@argus/contracts';
import type { CameraEntity } from '@argus/database';
import { isEnclosed } from '@argus/geometry';
import { may, type Principal } from '../auth/principal.js';
import { requireOriginalRight } from './original-footage.js';

type SeenObject = Pick<RecordedPicture['objects'][number], 'box'>;

/** What of the objects in footage somebody is not told. */
export interface HiddenObjects {
  /** Nothing is told of before: there were masks then, and nobody can say where. */
  readonly notBeforeMs: number;
  /** Below a mask of now, by the middle of its box. */
  isHidden(object: SeenObject): boolean;
}

const NOTHING: HiddenObjects = { notBeforeMs: -Infinity, isHidden: () => false };

/** @param toMs the end of the footage that is asked for. @throws OriginalFootageError where nothing of it may be told */
export function hiddenObjects(camera: Pick<CameraEntity, 'name' | 'privacyMasks' | 'maskedUntil'> | null, toMs: number, caller: Pick<Principal, 'permissions'>): HiddenObjects {
  if (may(caller as Principal, 'recording.original')) return NOTHING;
  const areas = camera === null ? [] : maskedAreas(camera);
  if (areas.length > 0) return { notBeforeMs: -Infinity, isHidden: ({ box: { x, y, width, height } }) => areas.some((polygon) => isEnclosed({ x: x + width / 2, y: y + height / 2 }, polygon)) };
  requireOriginalRight(camera, toMs, caller);
  return { ...NOTHING, notBeforeMs: camera?.maskedUntil?.getTime() ?? -Infinity };
}
