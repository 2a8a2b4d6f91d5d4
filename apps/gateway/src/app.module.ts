import { SecretBox } from '@argus/database';
import type { Clock, Logger } from '@argus/kernel';
import type { DynamicModule, Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditTrail } from './audit/audit-trail.js';
import { AuthController } from './auth/auth.controller.js';
import { AuthService } from './auth/auth.service.js';
import { Authenticator } from './auth/authenticator.js';
import { CameraTags } from './auth/camera-tags.js';
import { CliToken } from './auth/cli-token.js';
import { SessionRepository } from './auth/session.repository.js';
import { SignInThrottle } from './auth/sign-in-throttle.js';
import { CameraPictures } from './cameras/camera-pictures.js';
import { CameraRepository } from './cameras/camera.repository.js';
import { CamerasController } from './cameras/cameras.controller.js';
import { CamerasService } from './cameras/cameras.service.js';
import { DatasetsController } from './datasets/datasets.controller.js';
import { DatasetVersionsService } from './datasets/dataset-versions.service.js';
import { DatasetsService } from './datasets/datasets.service.js';
import { SamplePictures } from './datasets/sample-pictures.js';
import { SampleRanks } from './datasets/sample-ranks.js';
import { SampleSearch } from './datasets/sample-search.js';
import { SamplesService } from './datasets/samples.service.js';
import { ExportsController } from './exports/exports.controller.js';
import { ExportsService } from './exports/exports.service.js';
import { AccessGuard } from './http/access-guard.js';
import { ProblemFilter } from './http/problem-filter.js';
import { LIVE_PLANE_CONTROLLERS, LIVE_PLANE_PROVIDERS } from './live-plane.js';
import { Measurements } from './metrics/measurements.js';
import { LearnGuideController } from './learn-guide/learn-guide.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsService } from './metrics/metrics.service.js';
import { DatasetFilesService } from './dataset-jobs/dataset-files.service.js';
import { DatasetJobChecks } from './dataset-jobs/dataset-job-checks.js';
import { DatasetJobWakeUps } from './dataset-jobs/dataset-job-wake-ups.js';
import { DatasetJobsController } from './dataset-jobs/dataset-jobs.controller.js';
import { DatasetJobsService } from './dataset-jobs/dataset-jobs.service.js';
import { HarvestController } from './harvest/harvest.controller.js';
import { HarvestSchedule } from './harvest/harvest-schedule.js';
import { HarvestService } from './harvest/harvest.service.js';
import { HarvestWakeUps } from './harvest/harvest-wake-ups.js';
import { VideoSources } from './harvest/video-sources.js';
import { LabellingController } from './labelling/labelling.controller.js';
import { LabellingService } from './labelling/labelling.service.js';
import { ModelsController } from './models/models.controller.js';
import { ModelsService } from './models/models.service.js';
import { PipelinesController } from './pipelines/pipelines.controller.js';
import { PipelinesService } from './pipelines/pipelines.service.js';
import { ProfilesController } from './profiles/profiles.controller.js';
import { ProfilesService } from './profiles/profiles.service.js';
import { RulesController } from './rules/rules.controller.js';
import { RulesService } from './rules/rules.service.js';
import type { Settings } from './settings.js';
import { SystemController } from './system/system.controller.js';
import { ProcessTable } from './system/process-table.js';
import { SystemService } from './system/system.service.js';
import { TuningController } from './tuning/tuning.controller.js';
import { TuningService } from './tuning/tuning.service.js';
import { WorkTimesController } from './work-times/work-times.controller.js';
import { WorkTimesService } from './work-times/work-times.service.js';
import { CLOCK, LOGGER, SETTINGS } from './tokens.js';
import { EventTracing } from './telemetry/event-tracing.js';
import { SpanExporter } from './telemetry/span-exporter.js';
import { UploadsController } from './uploads/uploads.controller.js';
import { UploadsService } from './uploads/uploads.service.js';
import { UsersController } from './users/users.controller.js';
import { UsersService } from './users/users.service.js';

/** What is made before Nest starts, because it can fail or is shared with nothing of Nest. */
export interface Foundations {
  readonly settings: Settings;
  readonly dataSource: DataSource;
  readonly secrets: SecretBox;
  readonly cliToken: CliToken;
  readonly measurements: Measurements;
  readonly spans: SpanExporter;
  readonly clock: Clock;
  readonly log: Logger;
}

class AppModule {}

/** The gateway's one composition root: every controller and every service, and what they are made from. */
export function appModule(foundations: Foundations): DynamicModule {
  const { clock, log, spans } = foundations;
  const providers: Provider[] = [
    { provide: SETTINGS, useValue: foundations.settings },
    { provide: CLOCK, useValue: clock },
    { provide: LOGGER, useValue: log },
    { provide: DataSource, useValue: foundations.dataSource },
    { provide: SecretBox, useValue: foundations.secrets },
    { provide: CliToken, useValue: foundations.cliToken },
    { provide: SignInThrottle, useValue: new SignInThrottle(() => clock.monotonicMs()) },
    { provide: Measurements, useValue: foundations.measurements },
    { provide: SpanExporter, useValue: spans },
    { provide: EventTracing, useValue: new EventTracing(spans) },
    { provide: APP_FILTER, useValue: new ProblemFilter(log) },
    { provide: APP_GUARD, useClass: AccessGuard },
    AuditTrail, SessionRepository, CameraTags, Authenticator, AuthService, UsersService, ApiKeysService,
    CameraRepository, CamerasService, CameraPictures, PipelinesService, RulesService, ModelsService, ProcessTable, SystemService, TuningService, MetricsService, ProfilesService, ExportsService,
    DatasetsService, DatasetVersionsService, SamplesService, SampleSearch, SamplePictures, SampleRanks, DatasetJobsService, DatasetJobChecks, DatasetFilesService, DatasetJobWakeUps, UploadsService, HarvestService, VideoSources, HarvestWakeUps, HarvestSchedule, LabellingService, WorkTimesService,
    ...LIVE_PLANE_PROVIDERS,
  ];
  const controllers = [
    SystemController, TuningController, MetricsController, ProfilesController, AuthController, CamerasController, PipelinesController, RulesController, ModelsController, UsersController, ApiKeysController,
    AuditController, ExportsController, DatasetsController, DatasetJobsController, UploadsController, HarvestController, LearnGuideController, LabellingController, WorkTimesController,
    ...LIVE_PLANE_CONTROLLERS,
  ];
  return { module: AppModule, providers, controllers };
}
