import type { CameraId } from '@argus/contracts';
import { CameraEntity } from '@argus/database';
import type { Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';

/** Changes through this gateway are known at once; this is for those that something else made in the table. */
const KEPT_MS = 2000;

/** Which tags each camera has, read once for many requests. */
@Injectable()
export class CameraTags {
  #kept: { readonly tags: Promise<ReadonlyMap<CameraId, readonly string[]>>; readonly atMs: number } | null = null;

  constructor(
    private readonly dataSource: DataSource,
    changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {
    changes.changes.subscribe((noun) => {
      if (noun === 'camera') this.#kept = null;
    });
  }

  /** Never older than the last announced change of a camera. */
  byCamera(): Promise<ReadonlyMap<CameraId, readonly string[]>> {
    const nowMs = this.clock.monotonicMs();
    if (this.#kept && nowMs - this.#kept.atMs < KEPT_MS) return this.#kept.tags;
    const kept = { tags: this.#read(), atMs: nowMs };
    this.#kept = kept;
    kept.tags.catch(() => {
      if (this.#kept === kept) this.#kept = null;
    });
    return kept.tags;
  }

  async #read(): Promise<ReadonlyMap<CameraId, readonly string[]>> {
    const rows = await this.dataSource.getRepository(CameraEntity).find({ select: { id: true, tags: true } });
    return new Map(rows.map(({ id, tags }) => [id, tags]));
  }
}
