import { MOST_REPORTED_SECONDS, type DatasetId, type DatasetTime, type ReportWork } from '@argus/contracts';
import { SessionEntity } from '@argus/database';
import type { Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import type { Settings } from '../settings.js';
import { CLOCK, SETTINGS } from '../tokens.js';
import { believedWork } from './believed-work.js';
import { addTime } from './count-work.js';
import { WorkSessionError } from './errors.js';
import { readDatasetTime } from './read-dataset-time.js';

/** Time that nobody claimed may be claimed so much later: the last report of a page and the first of the next overtake each other. */
const CARRIED_MS = 60_000;

/** Where the time for sample sets goes. */
@Injectable()
export class WorkTimesService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'measuresWork'>,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsService,
  ) {}

  /** @throws NotFoundError */
  async read(id: DatasetId, caller: Principal): Promise<DatasetTime> {
    await this.datasets.require(id, caller);
    return readDatasetTime(this.dataSource, id, this.settings.measuresWork, this.clock.nowMs());
  }

  /** No row of the audit: it would say of each half minute who worked, which is not kept on purpose. @throws NotFoundError, WorkSessionError */
  async report(id: DatasetId, report: ReportWork, { sessionId, ...caller }: Principal): Promise<void> {
    await this.datasets.require(id, { sessionId, ...caller });
    if (sessionId === null) throw new WorkSessionError();
    if (!this.settings.measuresWork) return;
    await this.dataSource.transaction(async (manager) => {
      // Reports of two tabs of a session come one after the other, and share the time that passed.
      const session = await manager.findOne(SessionEntity, { where: { id: sessionId }, lock: { mode: 'pessimistic_write' } });
      if (session === null) return;
      const nowMs = this.clock.nowMs();
      const passedMs = Math.min(nowMs - (session.workReportedAt ?? session.createdAt).getTime(), MOST_REPORTED_SECONDS * 1000);
      const believed = believedWork(report, passedMs);
      const leftMs = Math.max(0, Math.min(passedMs - [...believed.values()].reduce((sum, ms) => sum + ms, 0), CARRIED_MS));
      await manager.update(SessionEntity, { id: sessionId }, { workReportedAt: new Date(nowMs - leftMs) });
      for (const [activity, ms] of believed) await addTime(manager, id, caller.id, activity, ms, nowMs);
    });
  }
}
