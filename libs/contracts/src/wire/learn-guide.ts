import { z } from 'zod';
import { Permission } from '../admin/permission.js';
import { CameraId, DatasetId } from '../ids.js';

/** The data loop in the order in which it is learnt. */
export const GUIDE_STEPS = ['record', 'harvest', 'choose', 'label', 'review', 'seal', 'export'] as const;
export type GuideStepId = (typeof GUIDE_STEPS)[number];

/** waiting: what it needs is not there yet; ready: it can be done now; done: it has been done, here and by anybody. */
export const GUIDE_STATES = ['waiting', 'ready', 'done'] as const;

export const GuideStep = z.object({
  id: z.enum(GUIDE_STEPS),
  state: z.enum(GUIDE_STATES),
  /** Of what makes it done: cameras with footage, runs that took pictures, jobs, complete pictures, versions. */
  count: z.number().int().nonnegative(),
  /** Permissions that the caller would have to have. */
  missing: z.array(Permission),
  /** Where it is done: a camera that does not record; null: there is none, or another place. */
  cameraId: CameraId.nullable(),
  /** The set that was worked on last; null: there is none, or another place. */
  datasetId: DatasetId.nullable(),
});
export type GuideStep = z.infer<typeof GuideStep>;

/** How far the data loop is in this installation, as far as the caller sees it. */
export const LearnGuide = z.object({ steps: z.array(GuideStep) });
export type LearnGuide = z.infer<typeof LearnGuide>;
