import { PipelineSettings, type ModelId, type PipelineView, type TilingSettings } from '@argus/contracts';

/** What the form holds of a pipeline; what the server adds is left out. */
export function settingsOf(pipeline: PipelineView): PipelineSettings {
  const { id: _id, isDefault: _isDefault, createdAt: _createdAt, updatedAt: _updatedAt, previousDetector: _previous, warnings: _warnings, ...settings } = pipeline;
  return settings;
}

/** A new pipeline with the contract's defaults. */
export const emptyPipeline = (detector: ModelId): PipelineSettings => ({ ...PipelineSettings.parse({ name: 'new', detector: detector || 'none' }), name: '', detector });

/** A new line of the route table; its attribute has yet to be named. */
export function newRoute(model: ModelId): PipelineSettings['routes'][number] {
  const [route] = PipelineSettings.shape.routes.parse([{ labels: ['person'], model: model || 'none', attribute: 'attribute' }]);
  return { ...(route as PipelineSettings['routes'][number]), model, attribute: '' };
}

/** Runs of the detector for one picture: what tiles cost. */
export const runsPerPicture = (tiling: TilingSettings | null): number => (tiling ? tiling.columns * tiling.rows + (tiling.wholePicture ? 1 : 0) : 1);
