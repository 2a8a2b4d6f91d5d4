import type { EventEmitter } from 'node:events';
import { DataSource } from 'typeorm';
import { DatabaseUnreachableError } from './errors.js';
import { ApiKeyEntity } from './entities/api-key-entity.js';
import { AuditEntity } from './entities/audit-entity.js';
import { CameraEntity } from './entities/camera-entity.js';
import { DatasetEntity } from './entities/dataset-entity.js';
import { DatasetJobEntity } from './entities/dataset-job-entity.js';
import { DeliveryAttemptEntity } from './entities/delivery-attempt-entity.js';
import { DeliveryEntity } from './entities/delivery-entity.js';
import { EventEntity } from './entities/event-entity.js';
import { ExportEntity } from './entities/export-entity.js';
import { HarvestRecipeEntity, HarvestRunEntity } from './entities/harvest-entities.js';
import { ModelEntity } from './entities/model-entity.js';
import { OutboxEntity } from './entities/outbox-entity.js';
import { PipelineEntity } from './entities/pipeline-entity.js';
import { RecordingClockEntity } from './entities/recording-clock-entity.js';
import { RecordingHoldEntity } from './entities/recording-hold-entity.js';
import { RecordingLimitsEntity } from './entities/recording-limits-entity.js';
import { RecordingSegmentEntity } from './entities/recording-segment-entity.js';
import { RuleEntity } from './entities/rule-entity.js';
import { SessionEntity } from './entities/session-entity.js';
import { TrackEntity } from './entities/track-entity.js';
import { TuningProfileEntity } from './entities/tuning-profile-entity.js';
import { UserEntity } from './entities/user-entity.js';
import { WebhookEntity } from './entities/webhook-entity.js';
import { WorkTimeEntity } from './entities/work-time-entity.js';
import { AccessTables1790000004000 } from './migrations/access-tables.js';
import { DatasetGoal1790000025000 } from './migrations/dataset-goal.js';
import { DatasetJobs1790000021000 } from './migrations/dataset-jobs.js';
import { SearchColumns1790000023000 } from './migrations/search-columns.js';
import { DefaultPipeline1790000005000 } from './migrations/default-pipeline.js';
import { DeliveryTables1790000003000 } from './migrations/delivery-tables.js';
import { EventTables1790000002000 } from './migrations/event-tables.js';
import { ExportTables1790000014000 } from './migrations/export-tables.js';
import { GroupRights1790000012000 } from './migrations/group-rights.js';
import { HarvestAttempts1790000026450 } from './migrations/harvest-attempts.js';
import { HarvestMatrix1790000026300 } from './migrations/harvest-matrix.js';
import { HarvestVideos1790000022000 } from './migrations/harvest-videos.js';
import { LearnTables1790000020000 } from './migrations/learn-tables.js';
import { LiveTables1790000001000 } from './migrations/live-tables.js';
import { SampleArchives1790000026000 } from './migrations/sample-archives.js';
import { SampleBoxes1790000025100 } from './migrations/sample-boxes.js';
import { SampleUpkeep1790000024000 } from './migrations/sample-upkeep.js';
import { PublishedSchema1790000006000 } from './migrations/published-schema.js';
import { PrivacyMaskColumns1790000009000 } from './migrations/privacy-mask-columns.js';
import { RecordingAudio1790000018000 } from './migrations/recording-audio.js';
import { RecordingClock1790000019000 } from './migrations/recording-clock.js';
import { RecordingTables1790000008000 } from './migrations/recording-tables.js';
import { RecordingTiers1790000015000 } from './migrations/recording-tiers.js';
import { SchedulingColumns1790000007000 } from './migrations/scheduling-columns.js';
import { WorkTimes1790000028000 } from './migrations/work-times.js';
import { SnakeNaming } from './snake-naming.js';

export interface DatabaseOptions {
  /** Connections at most; the gateway's requests, the engine link and the delivery workers share them. */
  readonly poolSize?: number;
}

/**
 * A connection that ends between two queries tells so by an event, and one that nobody hears ends the process. The pool hears idle ones and a query
 * runner its own, but while one goes from hand to hand there is a moment without either. Whoever asks next is told by the failure of its query.
 */
function bearErrors(client: EventEmitter): void {
  client.on('error', () => undefined);
}

/** A data source of Argus that is not connected yet. */
export function createDataSource(url: string, options: DatabaseOptions = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize: options.poolSize ?? 20,
    applicationName: 'argus',
    extra: { onConnect: bearErrors },
    connectTimeoutMS: 10_000,
    namingStrategy: new SnakeNaming(),
    entities: [
      ApiKeyEntity, AuditEntity, CameraEntity, DatasetEntity, DatasetJobEntity, DeliveryAttemptEntity, DeliveryEntity, EventEntity, ExportEntity, HarvestRecipeEntity, HarvestRunEntity, ModelEntity, OutboxEntity,
      PipelineEntity, RecordingHoldEntity, RecordingLimitsEntity, RecordingSegmentEntity, RuleEntity, SessionEntity, TrackEntity, TuningProfileEntity, UserEntity, WebhookEntity, WorkTimeEntity,
      ApiKeyEntity, AuditEntity, CameraEntity, DeliveryAttemptEntity, DeliveryEntity, EventEntity, ExportEntity, ModelEntity, OutboxEntity,
      PipelineEntity, RecordingClockEntity, RecordingHoldEntity, RecordingLimitsEntity, RecordingSegmentEntity, RuleEntity, SessionEntity, TrackEntity, TuningProfileEntity, UserEntity, WebhookEntity,
    ],
    migrations: [
      LiveTables1790000001000, EventTables1790000002000, DeliveryTables1790000003000, AccessTables1790000004000,
      DefaultPipeline1790000005000, PublishedSchema1790000006000, SchedulingColumns1790000007000, RecordingTables1790000008000,
      PrivacyMaskColumns1790000009000, GroupRights1790000012000, ExportTables1790000014000, RecordingTiers1790000015000,
      RecordingAudio1790000018000, RecordingClock1790000019000, LearnTables1790000020000, DatasetJobs1790000021000, HarvestVideos1790000022000, SearchColumns1790000023000,
      SampleUpkeep1790000024000, DatasetGoal1790000025000, SampleBoxes1790000025100, SampleArchives1790000026000, HarvestMatrix1790000026300, HarvestAttempts1790000026450, WorkTimes1790000028000,
    ],
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    logging: false,
  });
}

/** Any number: two gateways that start at once on one database take turns by it. */
const MIGRATION_LOCK = 7300_2026;

/**
 * Connects and brings the schema up to date.
 * @throws DatabaseUnreachableError when there is no connection; migration errors as they are.
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<DataSource> {
  const dataSource = createDataSource(url, options);
  try {
    await dataSource.initialize();
  } catch (error) {
    throw new DatabaseUnreachableError(url, error);
  }
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
    return dataSource;
  } catch (error) {
    await lock.release();
    await dataSource.destroy();
    throw error;
  }
}
