import type { CameraId } from '@argus/contracts';
import { planFootage } from '@argus/footage';
import { maskedFilm } from '@argus/media';
import { FootageGoneError, MasksChangedError } from '../errors.js';
import type { FootageIndex } from '../exports/footage-index.js';

export interface MaskedRange {
  readonly cameraId: CameraId;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A film that is made while it is read. */
export interface BegunFilm {
  /** Of its first picture. */
  readonly startMs: number;
  /** The pictures' size or codec changes there; null: all of the range is in it. */
  readonly nextMs: number | null;
  readonly codecString: string;
  /** From its first byte on. */
  bytes(): AsyncGenerator<Buffer, void, undefined>;
}

/** Footage with the camera's privacy masks in it, as they are now. */
export class MaskedFootage {
  constructor(private readonly footage: Pick<FootageIndex, 'segments' | 'maskedAreas' | 'open' | 'borrow'>) {}

  /** Resolves when its first picture is made. @throws MasksChangedError where there is nothing to cover, FootageGoneError, FootageFileError, MediaError */
  async begin({ cameraId, fromMs, toMs }: MaskedRange, signal: AbortSignal): Promise<BegunFilm> {
    const areas = await this.footage.maskedAreas(cameraId);
    if (areas === null || areas.length === 0) throw new MasksChangedError();
    const plan = planFootage(await this.footage.segments(cameraId, fromMs, toMs), fromMs, toMs);
    if (plan === null) throw new FootageGoneError();
    const parts = maskedFilm({ plan, footage: this.footage, areas, signal });
    const { value: head } = await parts.next();
    if (head === undefined) throw new FootageGoneError();
    const isCurrent = async () => JSON.stringify(await this.footage.maskedAreas(cameraId)) === JSON.stringify(areas);
    return {
      startMs: plan.startMs,
      nextMs: plan.nextMs,
      codecString: head.codecString,
      async *bytes() {
        try {
          yield head.bytes;
          for await (const { bytes } of parts) {
            // Masks that were enlarged meanwhile: what was made under the old ones does not leave.
            if (!(await isCurrent())) throw new MasksChangedError();
            yield bytes;
          }
        } finally {
          await parts.return();
        }
      },
    };
  }
}
