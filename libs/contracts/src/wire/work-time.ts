import { z } from 'zod';

/** What people do with a sample set. choosing: looking for good pictures; labelling: boxes; reviewing: pictures with labels, one by one; preparing: recipes, jobs, versions, exports. */
export const WORK_ACTIVITIES = ['choosing', 'labelling', 'reviewing', 'preparing'] as const;
export const WorkActivity = z.enum(WORK_ACTIVITIES);
export type WorkActivity = z.infer<typeof WorkActivity>;

/** A report tells of no more than this; what a browser could not send for longer is lost. */
export const MOST_REPORTED_SECONDS = 600;
const told = z.number().min(0).max(MOST_REPORTED_SECONDS);

/** Seconds of work on a set since the report before. No times: when it was, the server's clock says. */
export const ReportWork = z.strictObject({ seconds: z.strictObject(Object.fromEntries(WORK_ACTIVITIES.map((one) => [one, told.default(0)])) as Record<WorkActivity, z.ZodDefault<typeof told>>) });
export type ReportWork = z.infer<typeof ReportWork>;

/** Where the time for a set went. Sums of all people; nobody is named. */
export const DatasetTime = z.object({
  /** False: this server does not measure. */
  isMeasured: z.boolean(),
  /** Days (UTC) from the first to the last; null: nothing was measured. */
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  activities: z.array(
    z.object({
      activity: WorkActivity,
      seconds: z.number(),
      /** Decided on, sent, or said to be complete, by those whose time is measured. */
      pictures: z.number().int(),
      /** Sent with their pictures, drawn or followed. */
      boxes: z.number().int(),
    }),
  ),
  /** From begin to end of jobs on the set and harvests into it; of a harvest into several sets its share. */
  machine: z.array(z.object({ kind: z.string(), seconds: z.number(), runs: z.number().int() })),
  /** What estimates of work reckon with. */
  rates: z.object({ secondsPerPicture: z.number(), secondsPerBox: z.number(), isMeasured: z.boolean() }),
});
export type DatasetTime = z.infer<typeof DatasetTime>;
