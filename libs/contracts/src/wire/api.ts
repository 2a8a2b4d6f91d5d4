import { z } from 'zod';
import { AuditEntry, ApiKey, AuthState, CreateApiKey, CreatedApiKey, CreateUser, SetUp, SignIn, UpdateUser, User } from '../admin/user.js';
import { CreatedWebhook, Delivery, DeliveryState, Webhook, WebhookSettings } from '../admin/webhook.js';
import { CreateExport, Export, ExportEstimate } from '../data/export.js';
import { ApiKeyId, CameraId, DatasetId, DatasetJobId, DeliveryId, EventId, ExportId, HarvestRecipeId, HarvestRunId, PipelineId, RecordingHoldId, RuleId, TrackId, UploadId, UserId, WebhookId } from '../ids.js';
import { Dataset, DatasetOrigin, DatasetSettings, DatasetVersion } from '../learn/dataset.js';
import { DatasetJob, DatasetJobOptions, DatasetJobSummary, StartDatasetJobs } from '../learn/dataset-job.js';
import { AddedFootagePictures, AddFootagePictures, FollowBoxes } from '../learn/footage-labels.js';
import { HarvestPreview, HarvestRecipe, HarvestRun, SavedHarvestRecipe } from '../learn/harvest-recipe.js';
import { VideoFolder, VideoFolderPath } from '../learn/harvest-source.js';
import { Sample, Sha256 } from '../learn/sample.js';
import { Upload } from '../learn/upload.js';
import { Camera, CameraSettings, CameraState, CameraStats, CameraStream } from '../live/camera.js';
import { EventState, EventView } from '../live/event.js';
import { ModelSummary } from '../live/model-manifest.js';
import { PipelineSettings, PipelineView, RolloutSettings } from '../live/pipeline.js';
import { CreateRecordingHold, RecordingHold } from '../live/recording-hold.js';
import { Rule, RuleSettings, SavedRule } from '../live/rule.js';
import { Track } from '../live/track.js';
import { SavedTuning, TuningProfile } from '../live/tuning.js';
import { SampleStorage } from './sample-storage.js';
import { ChangedSamples, ChangeSamples, ChangeVersion, CopySamples, DatasetMatrix, DatasetStatistics, DatasetVectors, FoundSamples, HarvestRunQuery, MatrixQuery, PickSamples, SampleDigestQuery, SampleDigests, SamplePictureQuery, SampleQuery, SampleSearchQuery, SampleSummary, SaveAnnotations, SearchByPicture } from './datasets.js';
import { EngineStatus, ProbeResult } from './engine-link.js';
import { ComputeStats } from './engine-stats.js';
import { LearnGuide } from './learn-guide.js';
import { listFilter, PageQuery, pageOf } from './page.js';
import { ProcessStatus } from './process-status.js';
import { ProfileRequest, ProfileTrace } from './profile.js';
import { HoldQuery, PruneRecordings, PrunedRecordings, RecordingLimits, RecordingsDrift, RepairedRecordings, RecordingsStatus } from './recordings.js';
import { route } from './routes.js';
import { FootageObjects, FootagePlan, FootageQuery, Timeline, TimelineQuery } from './timeline.js';
import { DatasetTime, ReportWork } from './work-time.js';
import { Warning } from '../warning.js';

const byId = <T extends z.ZodType>(id: T) => z.object({ id });

export const EventQuery = PageQuery.extend({
  state: listFilter(EventState),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  camera: listFilter(CameraId),
  rule: listFilter(RuleId),
  label: listFilter(z.string().min(1).max(60)),
  track: TrackId.optional(),
  acknowledged: z.stringbool().optional(),
});
export type EventQuery = z.infer<typeof EventQuery>;

export const DeliveryQuery = PageQuery.extend({ state: listFilter(DeliveryState) });
export const TrackQuery = PageQuery.extend({ camera: listFilter(CameraId), label: listFilter(z.string()), from: z.iso.datetime({ offset: true }).optional(), to: z.iso.datetime({ offset: true }).optional() });
/** `***` in `url` stands for what is stored: with the camera's main stream, or with the one for analysis. */
export const CameraProbe = z.object({ url: z.string().trim().min(1).max(2048), cameraId: CameraId.optional(), stream: CameraStream.default('main') });
export type CameraProbe = z.infer<typeof CameraProbe>;

export const SnapshotQuery = z.object({ width: z.coerce.number().int().min(64).max(3840).default(1280) });

/** Answered with HTTP 200 whenever the gateway's process is well. Anybody may ask: it names and counts nothing. */
export const Health = z.object({
  /** degraded: something that the gateway needs or watches is not well: the database, the engine, a camera that sends pictures and is not analysed, or a full disk. */
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  database: z.enum(['up', 'down']),
  engine: z.enum(['up', 'down']),
  recordings: RecordingsStatus.shape.room,
});
export type Health = z.infer<typeof Health>;

export const CameraStatus = z.object({
  state: CameraState,
  stats: CameraStats.nullable(),
  /** A camera that works was analysed within this time: its pipeline's look at still scenes or its analysis rate, and a margin. */
  inferenceWithinMs: z.number(),
  /** Why nothing can be analysed, whatever the camera sends: its detector is missing or was refused; null when it is there. */
  detectorProblem: Warning.nullable(),
});
export type CameraStatus = z.infer<typeof CameraStatus>;

export const SystemStatus = z.object({
  version: z.string(),
  startedAt: z.iso.datetime(),
  engine: EngineStatus,
  compute: ComputeStats,
  cameras: z.array(CameraStatus),
  processes: z.array(ProcessStatus),
  recordings: RecordingsStatus,
  outbox: z.object({ pending: z.number().int(), dead: z.number().int(), oldestPendingAt: z.iso.datetime().nullable() }),
});
export type SystemStatus = z.infer<typeof SystemStatus>;

const v1 = '/api/v1';
const sampleOf = z.object({ id: DatasetId, sha256: Sha256 });
const versionOf = z.object({ id: DatasetId, digest: Sha256 });

/** Every HTTP route, in the order of the product's nouns. */
export const api = {
  health: route({ method: 'GET', path: `${v1}/health`, permission: null, summary: 'Is the service usable', response: Health }),

  getAuthState: route({ method: 'GET', path: `${v1}/auth`, permission: null, summary: 'Who am I, and is set-up needed', response: AuthState }),
  setUp: route({ method: 'POST', path: `${v1}/auth/set-up`, permission: null, summary: 'Make the first admin with the one-time token', body: SetUp, response: AuthState }),
  signIn: route({ method: 'POST', path: `${v1}/auth/sign-in`, permission: null, summary: 'Start a session', body: SignIn, response: AuthState }),
  signOut: route({ method: 'POST', path: `${v1}/auth/sign-out`, permission: 'account.self', summary: 'End this session' }),

  listCameras: route({ method: 'GET', path: `${v1}/cameras`, permission: 'camera.read', summary: 'List cameras', query: PageQuery, response: pageOf(Camera) }),
  createCamera: route({ method: 'POST', path: `${v1}/cameras`, permission: 'camera.write', summary: 'Add a camera', body: CameraSettings, response: Camera }),
  getCamera: route({ method: 'GET', path: `${v1}/cameras/:id`, permission: 'camera.read', summary: 'One camera', params: byId(CameraId), response: Camera }),
  updateCamera: route({ method: 'PUT', path: `${v1}/cameras/:id`, permission: 'camera.write', summary: 'Change a camera', params: byId(CameraId), body: CameraSettings, response: Camera }),
  deleteCamera: route({ method: 'DELETE', path: `${v1}/cameras/:id`, permission: 'camera.write', summary: 'Remove a camera; its events stay', params: byId(CameraId) }),
  probeCamera: route({ method: 'POST', path: `${v1}/camera-probes`, permission: 'camera.write', summary: 'Test a connection: a picture or the reason', body: CameraProbe, response: ProbeResult }),
  getSnapshot: route({ method: 'GET', path: `${v1}/cameras/:id/snapshot.jpg`, permission: 'live.view', summary: 'Newest picture', params: byId(CameraId), query: SnapshotQuery, response: 'binary' }),

  getTimeline: route({ method: 'GET', path: `${v1}/timeline`, permission: 'recording.view', summary: 'Footage, motion and events of some cameras in a stretch of time', query: TimelineQuery, response: Timeline }),
  getFootage: route({ method: 'GET', path: `${v1}/cameras/:id/footage.mp4`, permission: 'recording.view', summary: 'A range of footage as fragmented MP4, from the key frame at or before `from`: as it was recorded, or with privacy masks burnt in', params: byId(CameraId), query: FootageQuery, response: 'binary' }),
  getFootagePlan: route({ method: 'GET', path: `${v1}/cameras/:id/footage-plan`, permission: 'recording.view', summary: 'What a film of a range would be: start, length, gaps', params: byId(CameraId), query: FootageQuery, response: FootagePlan }),
  getFootageObjects: route({ method: 'GET', path: `${v1}/cameras/:id/footage-objects`, permission: 'recording.view', summary: 'Tracked objects in a range of footage', params: byId(CameraId), query: FootageQuery, response: FootageObjects }),
  followBoxes: route({ method: 'POST', path: `${v1}/cameras/:id/footage-tracks`, permission: 'dataset.write', summary: 'Follow boxes that a person drew through footage: one line of JSON a picture (FollowedLine), while it is made; who stops reading stops it. Takes `recording.view`, too', params: byId(CameraId), body: FollowBoxes, response: 'text' }),

  listExports: route({ method: 'GET', path: `${v1}/exports`, permission: 'recording.export', summary: 'List exports of footage, newest first', query: PageQuery, response: pageOf(Export) }),
  createExport: route({ method: 'POST', path: `${v1}/exports`, permission: 'recording.export', summary: 'Export footage: cut, checked and described in files', body: CreateExport, response: Export }),
  estimateExport: route({ method: 'POST', path: `${v1}/exports/estimate`, permission: 'recording.export', summary: 'How large an export would be', body: CreateExport, response: ExportEstimate }),
  getExport: route({ method: 'GET', path: `${v1}/exports/:id`, permission: 'recording.export', summary: 'One export and how far it is', params: byId(ExportId), response: Export }),
  cancelExport: route({ method: 'POST', path: `${v1}/exports/:id/cancellation`, permission: 'recording.export', summary: 'Stop an export; its finished files stay', params: byId(ExportId), response: Export }),
  resumeExport: route({ method: 'POST', path: `${v1}/exports/:id/resumption`, permission: 'recording.export', summary: 'Go on with an export that failed or was stopped; finished files are kept', params: byId(ExportId), response: Export }),
  deleteExport: route({ method: 'DELETE', path: `${v1}/exports/:id`, permission: 'recording.export', summary: 'Remove an export with its files', params: byId(ExportId) }),
  getExportFile: route({ method: 'GET', path: `${v1}/exports/:id/files/:name`, permission: 'recording.export', summary: 'A file of an export; byte ranges are answered', params: z.object({ id: ExportId, name: z.string().min(1).max(255) }), response: 'binary' }),
  getExportManifest: route({ method: 'GET', path: `${v1}/exports/:id/manifest.json`, permission: 'recording.export', summary: 'What is in the files, and their digests', params: byId(ExportId), response: 'text' }),

  listHarvestRecipes: route({ method: 'GET', path: `${v1}/harvest-recipes`, permission: 'harvest.read', summary: 'List harvest recipes, newest first', query: PageQuery, response: pageOf(SavedHarvestRecipe) }),
  createHarvestRecipe: route({ method: 'POST', path: `${v1}/harvest-recipes`, permission: 'harvest.run', summary: 'Save a harvest recipe', body: HarvestRecipe, response: SavedHarvestRecipe }),
  getHarvestRecipe: route({ method: 'GET', path: `${v1}/harvest-recipes/:id`, permission: 'harvest.read', summary: 'One harvest recipe', params: byId(HarvestRecipeId), response: SavedHarvestRecipe }),
  updateHarvestRecipe: route({ method: 'PUT', path: `${v1}/harvest-recipes/:id`, permission: 'harvest.run', summary: 'Change a harvest recipe', params: byId(HarvestRecipeId), body: HarvestRecipe, response: SavedHarvestRecipe }),
  deleteHarvestRecipe: route({ method: 'DELETE', path: `${v1}/harvest-recipes/:id`, permission: 'harvest.run', summary: 'Remove a harvest recipe; what it has harvested stays', params: byId(HarvestRecipeId) }),
  previewHarvest: route({ method: 'POST', path: `${v1}/harvest-previews`, permission: 'harvest.run', summary: 'How much a recipe would take', body: HarvestRecipe, response: HarvestPreview }),
  listVideoFolders: route({ method: 'GET', path: `${v1}/video-folders`, permission: 'harvest.folders', summary: 'Folders of video files that the operator of the server allows, or those in one of them', query: z.object({ within: VideoFolderPath.optional() }), response: z.array(VideoFolder) }),
  startHarvestRun: route({ method: 'POST', path: `${v1}/harvest-recipes/:id/runs`, permission: 'harvest.run', summary: 'Run a recipe: footage that it has not seen yet', params: byId(HarvestRecipeId), response: HarvestRun }),
  listHarvestRuns: route({ method: 'GET', path: `${v1}/harvest-runs`, permission: 'harvest.read', summary: 'List harvest runs, newest first', query: HarvestRunQuery, response: pageOf(HarvestRun) }),
  getHarvestRun: route({ method: 'GET', path: `${v1}/harvest-runs/:id`, permission: 'harvest.read', summary: 'One harvest run and how far it is', params: byId(HarvestRunId), response: HarvestRun }),
  cancelHarvestRun: route({ method: 'POST', path: `${v1}/harvest-runs/:id/cancellation`, permission: 'harvest.run', summary: 'Stop a harvest run; what it took stays', params: byId(HarvestRunId), response: HarvestRun }),
  resumeHarvestRun: route({ method: 'POST', path: `${v1}/harvest-runs/:id/resumption`, permission: 'harvest.run', summary: 'Go on with a harvest run that was stopped or failed', params: byId(HarvestRunId), response: HarvestRun }),

  listDatasets: route({ method: 'GET', path: `${v1}/datasets`, permission: 'dataset.read', summary: 'List sample sets, newest first', query: PageQuery, response: pageOf(Dataset) }),
  createDataset: route({ method: 'POST', path: `${v1}/datasets`, permission: 'dataset.write', summary: 'Make an empty sample set', body: DatasetSettings, response: Dataset }),
  getDataset: route({ method: 'GET', path: `${v1}/datasets/:id`, permission: 'dataset.read', summary: 'One sample set', params: byId(DatasetId), response: Dataset }),
  updateDataset: route({ method: 'PUT', path: `${v1}/datasets/:id`, permission: 'dataset.write', summary: 'Change what is said of a sample set', params: byId(DatasetId), body: DatasetSettings, response: Dataset }),
  deleteDataset: route({ method: 'DELETE', path: `${v1}/datasets/:id`, permission: 'dataset.write', summary: 'Remove a sample set', params: byId(DatasetId) }),
  listSamples: route({ method: 'GET', path: `${v1}/datasets/:id/samples`, permission: 'dataset.read', summary: 'Samples of a set, by group and time', params: byId(DatasetId), query: SampleQuery, response: pageOf(SampleSummary) }),
  listSampleDigests: route({ method: 'GET', path: `${v1}/datasets/:id/sample-digests`, permission: 'dataset.read', summary: 'Digests of the samples of a set, by group and time', params: byId(DatasetId), query: SampleDigestQuery, response: pageOf(SampleDigests) }),
  searchSamples: route({ method: 'GET', path: `${v1}/datasets/:id/search`, permission: 'dataset.read', summary: 'Samples of a set that show what words say, or are like another, the most similar first', params: byId(DatasetId), query: SampleSearchQuery, response: FoundSamples }),
  searchByPicture: route({ method: 'POST', path: `${v1}/datasets/:id/picture-searches`, permission: 'dataset.write', summary: 'Samples of a set that are like a picture that is sent, the most similar first', params: byId(DatasetId), query: SampleSearchQuery.omit({ text: true, sample: true }), body: SearchByPicture, response: FoundSamples }),
  getDatasetVectors: route({ method: 'GET', path: `${v1}/datasets/:id/vectors`, permission: 'dataset.read', summary: 'How many samples of a set can be searched, by what made their vectors', params: byId(DatasetId), response: DatasetVectors }),
  getSample: route({ method: 'GET', path: `${v1}/datasets/:id/samples/:sha256`, permission: 'dataset.read', summary: 'One sample with its annotations', params: sampleOf, response: Sample }),
  getSamplePicture: route({ method: 'GET', path: `${v1}/datasets/:id/samples/:sha256/picture`, permission: 'dataset.read', summary: 'The picture of a sample', params: sampleOf, query: SamplePictureQuery, response: 'binary' }),
  saveAnnotations: route({ method: 'PUT', path: `${v1}/datasets/:id/samples/:sha256/annotations`, permission: 'dataset.write', summary: 'Replace the annotations of a sample', params: sampleOf, body: SaveAnnotations, response: Sample }),
  changeSamples: route({ method: 'POST', path: `${v1}/datasets/:id/sample-changes`, permission: 'dataset.write', summary: 'Set split, completeness or focus of some samples', params: byId(DatasetId), body: ChangeSamples, response: ChangedSamples }),
  removeSamples: route({ method: 'POST', path: `${v1}/datasets/:id/sample-removals`, permission: 'dataset.write', summary: 'Take samples out of a set', params: byId(DatasetId), body: PickSamples, response: ChangedSamples }),
  restoreSamples: route({ method: 'POST', path: `${v1}/datasets/:id/sample-restorals`, permission: 'dataset.write', summary: 'Take samples back in that were taken out', params: byId(DatasetId), body: PickSamples, response: ChangedSamples }),
  addFootagePictures: route({ method: 'POST', path: `${v1}/datasets/:id/footage-pictures`, permission: 'dataset.write', summary: 'Put exact pictures of footage with their boxes into a set; takes `harvest.run`, too', params: byId(DatasetId), body: AddFootagePictures, response: AddedFootagePictures }),
  copySamples: route({ method: 'POST', path: `${v1}/datasets/:id/sample-copies`, permission: 'dataset.write', summary: 'Copy samples of another set, by digest, with their annotations', params: byId(DatasetId), body: CopySamples, response: ChangedSamples }),
  getDatasetMatrix: route({ method: 'GET', path: `${v1}/datasets/:id/matrix`, permission: 'dataset.read', summary: 'The image matrix: groups against time', params: byId(DatasetId), query: MatrixQuery, response: DatasetMatrix }),
  getDatasetStatistics: route({ method: 'GET', path: `${v1}/datasets/:id/statistics`, permission: 'dataset.read', summary: 'Labels, groups, splits, sizes and quality of a set', params: byId(DatasetId), response: DatasetStatistics }),

  listDatasetVersions: route({ method: 'GET', path: `${v1}/datasets/:id/versions`, permission: 'dataset.read', summary: 'Sealed states of a sample set, newest first, a thousand at most', params: byId(DatasetId), response: z.array(DatasetVersion) }),
  changeDatasetVersion: route({ method: 'PUT', path: `${v1}/datasets/:id/versions/:digest`, permission: 'dataset.write', summary: 'Say whether a version is to be kept', params: versionOf, body: ChangeVersion, response: DatasetVersion }),
  deleteDatasetVersion: route({ method: 'DELETE', path: `${v1}/datasets/:id/versions/:digest`, permission: 'dataset.write', summary: 'Remove the content of a version; what it was made from stays known', params: versionOf }),
  listDatasetOrigins: route({ method: 'GET', path: `${v1}/datasets/:id/origins`, permission: 'dataset.read', summary: 'Where the pictures of a sample set came from and went to, newest first', params: byId(DatasetId), response: z.array(DatasetOrigin) }),
  getSampleStorage: route({ method: 'GET', path: `${v1}/sample-storage`, permission: 'system.read', summary: 'What pictures of sample sets take, and what was freed', response: SampleStorage }),
  createUpload: route({ method: 'POST', path: `${v1}/uploads`, permission: 'dataset.write', summary: 'Begin to upload a file for an import or a harvest (tus 1.0: Tus-Resumable, Upload-Length)' }),
  getUpload: route({ method: 'GET', path: `${v1}/uploads/:id`, permission: 'dataset.write', summary: 'How much of an upload is there; HEAD answers as tus has it', params: byId(UploadId), response: Upload }),
  appendUpload: route({ method: 'PATCH', path: `${v1}/uploads/:id`, permission: 'dataset.write', summary: 'The next piece of an upload (tus 1.0: Upload-Offset, application/offset+octet-stream)', params: byId(UploadId) }),
  deleteUpload: route({ method: 'DELETE', path: `${v1}/uploads/:id`, permission: 'dataset.write', summary: 'Give an upload up', params: byId(UploadId) }),

  getDatasetTime: route({ method: 'GET', path: `${v1}/datasets/:id/time`, permission: 'dataset.read', summary: 'Where the time for a sample set went: people by activity, in sums, and machines by kind of job', params: byId(DatasetId), response: DatasetTime }),
  reportWork: route({ method: 'POST', path: `${v1}/datasets/:id/work-reports`, permission: 'dataset.write', summary: 'Seconds that somebody who is signed in worked on a sample set since the report before', params: byId(DatasetId), body: ReportWork }),
  getLearnGuide: route({ method: 'GET', path: `${v1}/learn-guide`, permission: 'dataset.read', summary: 'How far the data loop is here, step by step', response: LearnGuide }),

  createDatasetJob: route({ method: 'POST', path: `${v1}/datasets/:id/jobs`, permission: 'dataset.write', summary: 'Work on a whole sample set in the background: choose, find duplicates, split, grade, label, cut into crops, straighten, redact, export, import, seal, restore, compare', params: byId(DatasetId), body: DatasetJobOptions, response: DatasetJob }),
  listDatasetJobs: route({ method: 'GET', path: `${v1}/datasets/:id/jobs`, permission: 'dataset.read', summary: 'Jobs of a sample set, newest first', params: byId(DatasetId), query: PageQuery, response: pageOf(DatasetJobSummary) }),
  createDatasetJobs: route({ method: 'POST', path: `${v1}/dataset-jobs`, permission: 'dataset.write', summary: 'Begin the same job on several sample sets: all of them, or none', body: StartDatasetJobs, response: z.array(DatasetJob) }),
  getDatasetJob: route({ method: 'GET', path: `${v1}/dataset-jobs/:id`, permission: 'dataset.read', summary: 'One job of a sample set, how far it is and what came out', params: byId(DatasetJobId), response: DatasetJob }),
  cancelDatasetJob: route({ method: 'POST', path: `${v1}/dataset-jobs/:id/cancellation`, permission: 'dataset.write', summary: 'Stop a job; what it has done stays', params: byId(DatasetJobId), response: DatasetJob }),
  resumeDatasetJob: route({ method: 'POST', path: `${v1}/dataset-jobs/:id/resumption`, permission: 'dataset.write', summary: 'Go on with a job that was stopped or failed', params: byId(DatasetJobId), response: DatasetJob }),
  getDatasetJobFile: route({ method: 'GET', path: `${v1}/datasets/:id/jobs/:jobId/file`, permission: 'dataset.export', summary: 'The file that an export of a sample set made; byte ranges are answered', params: z.object({ id: DatasetId, jobId: DatasetJobId }), response: 'binary' }),

  listPipelines: route({ method: 'GET', path: `${v1}/pipelines`, permission: 'pipeline.read', summary: 'List pipelines', query: PageQuery, response: pageOf(PipelineView) }),
  createPipeline: route({ method: 'POST', path: `${v1}/pipelines`, permission: 'pipeline.write', summary: 'Add a pipeline', body: PipelineSettings, response: PipelineView }),
  updatePipeline: route({ method: 'PUT', path: `${v1}/pipelines/:id`, permission: 'pipeline.write', summary: 'Change a pipeline', params: byId(PipelineId), body: PipelineSettings, response: PipelineView }),
  deletePipeline: route({ method: 'DELETE', path: `${v1}/pipelines/:id`, permission: 'pipeline.write', summary: 'Remove a pipeline that no camera uses', params: byId(PipelineId) }),
  startRollout: route({ method: 'PUT', path: `${v1}/pipelines/:id/rollout`, permission: 'pipeline.write', summary: 'Put another detector on trial, or change its trial', params: byId(PipelineId), body: RolloutSettings, response: PipelineView }),
  endRollout: route({ method: 'DELETE', path: `${v1}/pipelines/:id/rollout`, permission: 'pipeline.write', summary: 'End the trial; the detector in use stays', params: byId(PipelineId), response: PipelineView }),
  promoteCandidate: route({ method: 'POST', path: `${v1}/pipelines/:id/rollout/promotion`, permission: 'pipeline.write', summary: 'Make the candidate the detector and remember the one before', params: byId(PipelineId), response: PipelineView }),
  rollBackPipeline: route({ method: 'POST', path: `${v1}/pipelines/:id/rollback`, permission: 'pipeline.write', summary: 'Go back to the previous detector', params: byId(PipelineId), response: PipelineView }),

  listRules: route({ method: 'GET', path: `${v1}/rules`, permission: 'rule.read', summary: 'List rules', query: PageQuery, response: pageOf(Rule) }),
  createRule: route({ method: 'POST', path: `${v1}/rules`, permission: 'rule.write', summary: 'Add a rule', body: RuleSettings, response: SavedRule }),
  getRule: route({ method: 'GET', path: `${v1}/rules/:id`, permission: 'rule.read', summary: 'One rule', params: byId(RuleId), response: Rule }),
  updateRule: route({ method: 'PUT', path: `${v1}/rules/:id`, permission: 'rule.write', summary: 'Change a rule', params: byId(RuleId), body: RuleSettings, response: SavedRule }),
  deleteRule: route({ method: 'DELETE', path: `${v1}/rules/:id`, permission: 'rule.write', summary: 'Remove a rule; its events stay', params: byId(RuleId) }),

  listEvents: route({ method: 'GET', path: `${v1}/events`, permission: 'event.read', summary: 'List events, newest first', query: EventQuery, response: pageOf(EventView) }),
  getEvent: route({ method: 'GET', path: `${v1}/events/:id`, permission: 'event.read', summary: 'One event', params: byId(EventId), response: EventView }),
  acknowledgeEvent: route({ method: 'POST', path: `${v1}/events/:id/acknowledgement`, permission: 'event.acknowledge', summary: 'Mark as seen', params: byId(EventId), response: EventView }),
  unacknowledgeEvent: route({ method: 'DELETE', path: `${v1}/events/:id/acknowledgement`, permission: 'event.acknowledge', summary: 'Undo the mark', params: byId(EventId), response: EventView }),
  getEventSnapshot: route({ method: 'GET', path: `${v1}/events/:id/snapshot.jpg`, permission: 'event.read', summary: 'Best picture', params: byId(EventId), response: 'binary' }),
  getEventThumbnail: route({ method: 'GET', path: `${v1}/events/:id/thumbnail.jpg`, permission: 'event.read', summary: 'The object, cut out', params: byId(EventId), response: 'binary' }),
  listTracks: route({ method: 'GET', path: `${v1}/tracks`, permission: 'event.read', summary: 'List finished tracks, newest first', query: TrackQuery, response: pageOf(Track) }),

  listWebhooks: route({ method: 'GET', path: `${v1}/webhooks`, permission: 'webhook.read', summary: 'List webhooks', query: PageQuery, response: pageOf(Webhook) }),
  createWebhook: route({ method: 'POST', path: `${v1}/webhooks`, permission: 'webhook.write', summary: 'Add a webhook; the secret is shown once', body: WebhookSettings, response: CreatedWebhook }),
  getWebhook: route({ method: 'GET', path: `${v1}/webhooks/:id`, permission: 'webhook.read', summary: 'One webhook', params: byId(WebhookId), response: Webhook }),
  updateWebhook: route({ method: 'PUT', path: `${v1}/webhooks/:id`, permission: 'webhook.write', summary: 'Change a webhook', params: byId(WebhookId), body: WebhookSettings, response: Webhook }),
  deleteWebhook: route({ method: 'DELETE', path: `${v1}/webhooks/:id`, permission: 'webhook.write', summary: 'Remove a webhook', params: byId(WebhookId) }),
  testWebhook: route({ method: 'POST', path: `${v1}/webhooks/:id/test`, permission: 'webhook.write', summary: 'Send a test delivery now', params: byId(WebhookId), response: Delivery }),
  listDeliveries: route({ method: 'GET', path: `${v1}/webhooks/:id/deliveries`, permission: 'webhook.read', summary: 'Delivery log, newest first', params: byId(WebhookId), query: DeliveryQuery, response: pageOf(Delivery) }),
  replayDelivery: route({ method: 'POST', path: `${v1}/deliveries/:id/replay`, permission: 'webhook.write', summary: 'Deliver again', params: byId(DeliveryId), response: Delivery }),

  listModels: route({ method: 'GET', path: `${v1}/models`, permission: 'model.read', summary: 'List model packages', query: PageQuery, response: pageOf(ModelSummary) }),

  getSystem: route({ method: 'GET', path: `${v1}/system`, permission: 'system.read', summary: 'Cameras, engine, devices, processes, outbox', response: SystemStatus }),
  getTuning: route({ method: 'GET', path: `${v1}/tuning`, permission: 'system.read', summary: "The machine's tuning profile", response: SavedTuning }),
  updateTuning: route({ method: 'PUT', path: `${v1}/tuning`, permission: 'system.write', summary: 'Change the tuning profile; what it does not name the engine chooses', body: TuningProfile, response: SavedTuning }),

  listHolds: route({ method: 'GET', path: `${v1}/recording-holds`, permission: 'recording.hold', summary: 'Footage that is held back from removal, newest first', query: HoldQuery, response: pageOf(RecordingHold) }),
  createHold: route({ method: 'POST', path: `${v1}/recording-holds`, permission: 'recording.hold', summary: 'Hold a range of footage back from removal', body: CreateRecordingHold, response: RecordingHold }),
  deleteHold: route({ method: 'DELETE', path: `${v1}/recording-holds/:id`, permission: 'recording.hold', summary: 'End a hold; its footage is removed when it is due', params: byId(RecordingHoldId) }),
  getRecordingLimits: route({ method: 'GET', path: `${v1}/recording-limits`, permission: 'system.read', summary: 'Limits of all footage together, of tags, and of the second tier', response: RecordingLimits }),
  updateRecordingLimits: route({ method: 'PUT', path: `${v1}/recording-limits`, permission: 'recording.manage', summary: 'Change these limits', body: RecordingLimits, response: RecordingLimits }),
  verifyRecordings: route({ method: 'POST', path: `${v1}/recording-verifications`, permission: 'recording.manage', summary: 'Compare files and rows; changes nothing', response: RecordingsDrift }),
  repairRecordings: route({ method: 'POST', path: `${v1}/recording-repairs`, permission: 'recording.manage', summary: 'Make files and rows agree now, as far as that is safe, and say what is left', response: RepairedRecordings }),
  pruneRecordings: route({ method: 'POST', path: `${v1}/recording-prunings`, permission: 'recording.manage', summary: 'Remove old footage now, or say what would be removed', body: PruneRecordings, response: PrunedRecordings }),

  getMetrics: route({ method: 'GET', path: '/metrics', permission: 'metrics.read', summary: 'Figures for Prometheus, of the cameras that the caller may see', response: 'text' }),
  recordProfile: route({ method: 'POST', path: `${v1}/profiles`, permission: 'profile.record', summary: 'Record for some seconds what becomes of each picture; answers a trace that opens in Perfetto', body: ProfileRequest, response: ProfileTrace }),

  listUsers: route({ method: 'GET', path: `${v1}/users`, permission: 'user.read', summary: 'List users', query: PageQuery, response: pageOf(User) }),
  createUser: route({ method: 'POST', path: `${v1}/users`, permission: 'user.write', summary: 'Add a user', body: CreateUser, response: User }),
  updateUser: route({ method: 'PATCH', path: `${v1}/users/:id`, permission: 'user.write', summary: 'Change a user', params: byId(UserId), body: UpdateUser, response: User }),
  deleteUser: route({ method: 'DELETE', path: `${v1}/users/:id`, permission: 'user.write', summary: 'Remove a user', params: byId(UserId) }),
  listApiKeys: route({ method: 'GET', path: `${v1}/api-keys`, permission: 'api-key.read', summary: 'List API keys', query: PageQuery, response: pageOf(ApiKey) }),
  createApiKey: route({ method: 'POST', path: `${v1}/api-keys`, permission: 'api-key.write', summary: 'Add an API key; it is shown once', body: CreateApiKey, response: CreatedApiKey }),
  deleteApiKey: route({ method: 'DELETE', path: `${v1}/api-keys/:id`, permission: 'api-key.write', summary: 'Revoke an API key', params: byId(ApiKeyId) }),
  listAudit: route({ method: 'GET', path: `${v1}/audit`, permission: 'audit.read', summary: 'Who did what, newest first', query: PageQuery, response: pageOf(AuditEntry) }),
} as const;

export type Api = typeof api;
