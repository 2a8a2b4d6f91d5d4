import { TuningProfile, type Camera, type EngineConfig, type Pipeline, type Rule } from '@argus/contracts';
import { CameraEntity, PipelineEntity, RuleEntity, SealedTextError, TuningProfileEntity, type SecretBox } from '@argus/database';
import type { DataSource } from 'typeorm';

/** Everything that the engine runs by, read in one snapshot; camera URLs with their credentials, fit for the link only. */
export async function readEngineConfig(dataSource: DataSource, secrets: SecretBox, revision: number): Promise<EngineConfig> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => ({
    revision,
    cameras: (await manager.find(CameraEntity, { order: { createdAt: 'ASC', id: 'ASC' } })).map((camera) => cameraOf(camera, secrets)),
    pipelines: (await manager.find(PipelineEntity, { order: { createdAt: 'ASC', id: 'ASC' } })).map(pipelineOf),
    tuning: TuningProfile.parse((await manager.findOneBy(TuningProfileEntity, { id: 1 }))?.profile ?? {}),
    rules: (await manager.find(RuleEntity, { order: { createdAt: 'ASC', id: 'ASC' } })).map(ruleOf),
  }));
}

function cameraOf(entity: CameraEntity, secrets: SecretBox): Camera {
  const { sealedUrl, sealedAnalysisUrl, maskedUntil: _past, createdAt, updatedAt, ...settings } = entity;
  const url = sealedUrl === null ? entity.url : openOr(entity.url, () => secrets.open(sealedUrl, `cameras:${entity.id}`));
  const analysisUrl = sealedAnalysisUrl === null || entity.analysisUrl === null ? entity.analysisUrl : openOr(entity.analysisUrl, () => secrets.open(sealedAnalysisUrl, `cameras:${entity.id}:analysis`));
  return { ...settings, url, analysisUrl, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** One password sealed with a lost key must not keep the configuration from all other cameras: this one is refused by its camera and says so. */
function openOr(shown: string, open: () => string): string {
  try {
    return open();
  } catch (error) {
    if (error instanceof SealedTextError) return shown;
    throw error;
  }
}

const pipelineOf = ({ previousDetector: _previous, createdAt, updatedAt, ...settings }: PipelineEntity): Pipeline => ({ ...settings, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() });

const ruleOf = ({ createdAt, updatedAt, ...settings }: RuleEntity): Rule => ({ ...settings, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() });
