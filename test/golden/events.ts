import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Camera, CameraSettings, type Event, type ModelId, type Pipeline, PipelineSettings, type Rule, RuleSettings } from '@argus/contracts';
import { newId, silentLogger } from '@argus/kernel';
import { openClip } from '@argus/media';
import { OfflineFrame, OfflineModel } from '../../apps/inference/src/analyze/offline-frame.js';
import { ModelRegistry } from '../../apps/inference/src/models/model-registry.js';
import { CameraPipeline } from '../../apps/inference/src/pipeline.js';
import { ROOT } from './analyze.js';

/** What is compared of an event: no ids, no scores; seconds of the clip. */
export interface EventLine {
  readonly rule: string;
  readonly detail: string | null;
  readonly label: string | null;
  readonly state: Event['state'];
  readonly confirmation: Event['confirmation'];
  readonly startedSeconds: number;
}

const START = Date.UTC(2026, 0, 1);
const made = { createdAt: new Date(START).toISOString(), updatedAt: new Date(START).toISOString() };

/**
 * Runs one camera of the demo with the demo's rules over the demo clip, every 2nd picture, and gives the last revision of every
 * event. The wall clock is the clip's own time, so the day of the run is in nothing that comes out.
 */
export async function demoEvents(cameraName: string, seconds: number): Promise<EventLine[]> {
  const demo = JSON.parse(readFileSync(join(ROOT, 'demo/cameras.json'), 'utf8')) as { cameras: { name: string }[]; rules: unknown[] };
  const camera: Camera = { ...CameraSettings.parse(demo.cameras.find((candidate) => candidate.name === cameraName)), id: newId(), ...made };
  const rules = demo.rules.map((rule): Rule => ({ ...RuleSettings.parse(rule), id: newId(), ...made }));
  const route = { labels: ['person'], model: 'movenet-posture-192', attribute: 'posture', refreshSeconds: 2 };
  const pipeline: Pipeline = { ...PipelineSettings.parse({ name: 'golden', detector: 'nanodet-g-416', routes: [route] }), id: newId(), isDefault: true, ...made };
  const registry = new ModelRegistry([join(ROOT, 'libs/models/packages')], silentLogger);
  await registry.scan();
  const detector = await OfflineModel.open(pipeline.detector, registry);
  const posture = await OfflineModel.open('movenet-posture-192' as ModelId, registry);
  const stages = new CameraPipeline({ camera, pipeline, rules }, { detector: detector.session.manifest, pace: 'offline' });
  const clip = await openClip(join(ROOT, 'demo/street.mp4'));
  const events = new Map<string, Event>();
  try {
    let index = -1;
    for await (const picture of clip.frames()) {
      try {
        index += 1;
        if (picture.ptsUs > seconds * 1e6) break;
        if (index % 2 !== 0) continue;
        const analysis = await stages.analyse(new OfflineFrame(picture, START + picture.ptsUs / 1000, detector, new Map([[posture.session.manifest.id, posture]])));
        for (const { event } of analysis?.events ?? []) events.set(event.id, event);
      } finally {
        picture.free();
      }
    }
  } finally {
    await Promise.all([clip.close(), detector.close(), posture.close()]);
  }
  return [...events.values()].map(lineOf).sort((a, b) => a.startedSeconds - b.startedSeconds || a.rule.localeCompare(b.rule));
}

function lineOf(event: Event): EventLine {
  const startedSeconds = Math.round((Date.parse(event.startedAt) - START) / 100) / 10;
  return { rule: event.ruleName, detail: event.detail, label: event.label, state: event.state, confirmation: event.confirmation, startedSeconds };
}
