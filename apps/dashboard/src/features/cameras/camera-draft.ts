import { CameraSettings, type Camera } from '@argus/contracts';
import type { z } from 'zod';

/** A camera being edited, as the form holds it: the settings without defaults left out. Zones and masks are kept by the editor on the picture. */
export type CameraDraft = Omit<z.output<typeof CameraSettings>, 'zones' | 'privacyMasks'>;

/** A new camera looks for everything and stands in the reader's own time zone. */
export function emptyCamera(timeZone: string): CameraDraft {
  return { name: '', url: '', analysisUrl: null, enabled: true, tags: [], timeZone, pipelineId: null, labels: null, analysisFps: null, priority: 'normal', weight: 1, recording: { mode: 'off', preSeconds: 5, postSeconds: 10, audio: true, schedule: null, keepDays: 14, keepBytes: null, moveAfterDays: null } };
}

export function draftOf(camera: Camera): CameraDraft {
  const { name, url, analysisUrl, enabled, tags, timeZone, pipelineId, labels, analysisFps, priority, weight, recording } = camera;
  return { name, url, analysisUrl, enabled, tags, timeZone, pipelineId, labels, analysisFps, priority, weight, recording };
}
