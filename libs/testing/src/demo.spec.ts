import { readFileSync, statSync } from 'node:fs';
import { CameraSettings, RuleSettings } from '@argus/contracts';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../demo/', import.meta.url);
const list = JSON.parse(readFileSync(new URL('cameras.json', folder), 'utf8')) as { cameras: unknown[]; rules: unknown[] };

describe('the demo list', () => {
  it('has four cameras of the clip at different offsets, each with an area and a line', () => {
    const cameras = list.cameras.map((camera) => CameraSettings.parse(camera));
    expect(new Set(cameras.map((camera) => camera.name)).size).toBe(4);
    expect(new Set(cameras.map((camera) => camera.url)).size).toBe(4);
    for (const camera of cameras) {
      expect(camera.url).toMatch(/^file:\/\/\{demoDir\}\/street\.mp4\?loop=true&start=\d+&pace=realtime$/);
      expect(camera.zones.map((zone) => zone.kind).sort()).toEqual(['area', 'line']);
      expect(camera.labels).toEqual(['person']);
    }
  });

  it('has rules of four kinds that name zones which exist', () => {
    const rules = list.rules.map((rule) => RuleSettings.parse(rule));
    const zones = new Set(list.cameras.flatMap((camera) => CameraSettings.parse(camera).zones.map((zone) => zone.name)));
    expect(rules.map((rule) => rule.condition.kind)).toEqual(['zone', 'line', 'count', 'attribute']);
    for (const { condition } of rules) {
      if (condition.zone !== null) expect(zones).toContain(condition.zone);
    }
  });

  it('comes with a clip of at most 4 MB', () => {
    expect(statSync(new URL('street.mp4', folder)).size).toBeLessThan(4_000_000);
  });
});
