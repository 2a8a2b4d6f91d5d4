import { TuningProfile, type SavedTuning } from '@argus/contracts';
import { ModelEntity, TuningProfileEntity } from '@argus/database';
import type { Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { requireAllCameras, type Principal } from '../auth/principal.js';
import { EngineState } from '../engine/engine-state.js';
import { InvalidRequestError } from '../http/errors.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';
import { tuningProblems, tuningWarnings } from './tuning-checks.js';

/** The machine's one tuning profile. It concerns every camera, so only who sees all of them may change it. */
@Injectable()
export class TuningService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    private readonly engine: EngineState,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async get(): Promise<SavedTuning> {
    const row = await this.dataSource.getRepository(TuningProfileEntity).findOneByOrFail({ id: 1 });
    return this.#saved(row, this.dataSource.manager);
  }

  async update(profile: TuningProfile, caller: Principal): Promise<SavedTuning> {
    requireAllCameras(caller, 'the tuning profile');
    const problems = tuningProblems(profile);
    if (problems.length > 0) throw new InvalidRequestError(problems);
    const saved = await this.dataSource.transaction(async (manager) => {
      const row = manager.create(TuningProfileEntity, { id: 1, profile, updatedAt: new Date(this.clock.nowMs()) });
      await manager.save(TuningProfileEntity, row);
      await this.audit.record(caller, { action: 'tuning.update', subject: 'tuning', subjectId: null, details: profile }, manager);
      return this.#saved(row, manager);
    });
    this.changes.announce('tuning');
    return saved;
  }

  async #saved({ profile: stored, updatedAt }: TuningProfileEntity, manager: EntityManager): Promise<SavedTuning> {
    const profile = TuningProfile.parse(stored);
    const packages = await manager.find(ModelEntity, { select: { id: true } });
    return { ...profile, updatedAt: updatedAt.toISOString(), warnings: tuningWarnings(profile, packages, this.engine.compute.devices) };
  }
}
