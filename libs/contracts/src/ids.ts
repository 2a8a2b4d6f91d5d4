import { z } from 'zod';

/** UUID (version 7 when Argus makes it: sortable by time of creation). Branded per noun so that ids cannot be mixed up. */
const uuid = () => z.uuid();

export const CameraId = uuid().brand<'CameraId'>();
export type CameraId = z.infer<typeof CameraId>;
export const PipelineId = uuid().brand<'PipelineId'>();
export type PipelineId = z.infer<typeof PipelineId>;
export const RuleId = uuid().brand<'RuleId'>();
export type RuleId = z.infer<typeof RuleId>;
export const EventId = uuid().brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;
export const TrackId = uuid().brand<'TrackId'>();
export type TrackId = z.infer<typeof TrackId>;
export const SegmentId = uuid().brand<'SegmentId'>();
export type SegmentId = z.infer<typeof SegmentId>;
export const ExportId = uuid().brand<'ExportId'>();
export type ExportId = z.infer<typeof ExportId>;
export const RecordingHoldId = uuid().brand<'RecordingHoldId'>();
export type RecordingHoldId = z.infer<typeof RecordingHoldId>;
export const DatasetId = uuid().brand<'DatasetId'>();
export type DatasetId = z.infer<typeof DatasetId>;
export const HarvestRecipeId = uuid().brand<'HarvestRecipeId'>();
export type HarvestRecipeId = z.infer<typeof HarvestRecipeId>;
export const HarvestRunId = uuid().brand<'HarvestRunId'>();
export type HarvestRunId = z.infer<typeof HarvestRunId>;
export const DatasetJobId = uuid().brand<'DatasetJobId'>();
export type DatasetJobId = z.infer<typeof DatasetJobId>;
export const UploadId = uuid().brand<'UploadId'>();
export type UploadId = z.infer<typeof UploadId>;
export const WebhookId = uuid().brand<'WebhookId'>();
export type WebhookId = z.infer<typeof WebhookId>;
export const DeliveryId = uuid().brand<'DeliveryId'>();
export type DeliveryId = z.infer<typeof DeliveryId>;
export const UserId = uuid().brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;
export const ApiKeyId = uuid().brand<'ApiKeyId'>();
export type ApiKeyId = z.infer<typeof ApiKeyId>;

/** A model package's id, e.g. `nanodet-g-416`: lower-case, digits, dot, dash. Also its folder name. */
export const ModelId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'expected lower-case letters, digits, "." and "-", at most 64')
  .brand<'ModelId'>();
export type ModelId = z.infer<typeof ModelId>;
