import type { DatasetJobOptions } from '@argus/contracts';
import { DatasetEntity, nameKeyOf } from '@argus/database';
import { ArgusError } from '@argus/kernel';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { OutsideScopeError } from '../auth/errors.js';
import type { Principal } from '../auth/principal.js';
import { DatasetVersionsService } from '../datasets/dataset-versions.service.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { DatasetNameTakenError } from '../datasets/errors.js';
import { UploadsService } from '../uploads/uploads.service.js';
import { requireExportRight } from './export-right.js';
import { requireParts } from './transform-check.js';

/** What must be so before a job on a set is begun, or gone on with. */
@Injectable()
export class DatasetJobChecks {
  constructor(
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsService,
    private readonly versions: DatasetVersionsService,
    private readonly uploads: UploadsService,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * What it writes into, whoever asks for it must see too; a set that it makes needs a name of its own; a version that it reads is to be there. A job that goes on may have made it already.
   * @throws NotFoundError, DatasetNameTakenError, and what requireExportRight and requireParts throw
   */
  async require(set: DatasetEntity, options: DatasetJobOptions, caller: Principal, isResumed: boolean): Promise<void> {
    if ((options.kind === 'pick-diverse' || options.kind === 'transform') && options.target.kind === 'copy') await this.datasets.require(options.target.into, caller);
    if ((options.kind === 'redact' || options.kind === 'regroup') && !isResumed && (await this.dataSource.getRepository(DatasetEntity).existsBy({ nameKey: nameKeyOf(options.name) }))) throw new DatasetNameTakenError(options.name);
    if (options.kind === 'transform' && !isResumed) await requireParts(this.dataSource, set.id, options);
    if (options.kind === 'export') await this.#requireExport(set, options, caller);
    if (options.kind === 'restore-version') await this.versions.require(set.id, options.digest);
    if (options.kind === 'compare-versions') for (const digest of [options.from, options.to]) if (digest !== null) await this.versions.require(set.id, digest);
    if (options.kind === 'import') {
      // Its pictures may be of any camera, or of none that is known: a set with such is for those who see all.
      if (caller.access.recordings !== null) throw new OutsideScopeError('an import');
      if (!isResumed) await this.uploads.requireWhole(options.uploadId, caller);
    }
  }

  async #requireExport(set: DatasetEntity, options: DatasetJobOptions & { kind: 'export' }, caller: Principal): Promise<void> {
    const version = options.version === null ? null : await this.versions.require(set.id, options.version);
    try {
      await requireExportRight(this.dataSource, set, options, caller, version);
    } catch (error) {
      // Who may not and tried is told of as well as who did.
      const reason = error instanceof ArgusError ? error.code : 'internal';
      await this.audit.record(caller, { action: 'dataset.export-refused', subject: 'dataset', subjectId: set.id, details: { name: set.name, format: options.format, version: options.version, audience: options.audience, reason } });
      throw error;
    }
  }
}
