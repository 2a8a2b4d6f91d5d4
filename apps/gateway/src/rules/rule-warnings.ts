import type { Camera, Pipeline, RuleSettings } from '@argus/contracts';

/**
 * Why a rule may stay silent, in words. No reason to refuse it: zones are drawn after rules as often as before.
 */
export function ruleWarnings(rule: RuleSettings, cameras: readonly Pick<Camera, 'id' | 'name' | 'zones' | 'labels'>[], pipelines: readonly Pick<Pipeline, 'routes'>[]): string[] {
  const chosen = rule.cameraIds === null ? cameras : cameras.filter((camera) => rule.cameraIds?.includes(camera.id));
  return [...zoneWarnings(rule, chosen), ...labelWarnings(rule, chosen), ...attributeWarnings(rule, pipelines)];
}

type Chosen = readonly Pick<Camera, 'name' | 'zones' | 'labels'>[];

function zoneWarnings({ condition, cameraIds }: RuleSettings, chosen: Chosen): string[] {
  if (condition.zone === null) return [];
  const kind = condition.kind === 'line' ? 'line' : 'area';
  const has = (camera: Chosen[number]) => camera.zones.some((zone) => zone.name === condition.zone && zone.kind === kind);
  const without = chosen.filter((camera) => !has(camera));
  if (without.length === chosen.length) return [`none of its cameras has ${kind === 'line' ? 'a line' : 'an area'} named "${condition.zone}" yet`];
  // A rule for every camera means every camera that has the zone.
  return cameraIds === null || without.length === 0 ? [] : [`these cameras have no ${kind} named "${condition.zone}": ${without.slice(0, 5).map((camera) => camera.name).join(', ')}`];
}

function labelWarnings({ labels }: RuleSettings, chosen: Chosen): string[] {
  if (labels.length === 0) return [];
  const blind = chosen.filter((camera) => camera.labels !== null && !labels.some((label) => camera.labels?.includes(label)));
  return blind.length === 0 ? [] : [`these cameras do not look for ${labels.join(', ')}: ${blind.slice(0, 5).map((camera) => camera.name).join(', ')}`];
}

function attributeWarnings({ condition }: RuleSettings, pipelines: readonly Pick<Pipeline, 'routes'>[]): string[] {
  if (condition.kind !== 'attribute') return [];
  const known = pipelines.some((pipeline) => pipeline.routes.some((route) => route.attribute === condition.attribute));
  return known ? [] : [`no pipeline has a second stage that gives the attribute "${condition.attribute}"`];
}
