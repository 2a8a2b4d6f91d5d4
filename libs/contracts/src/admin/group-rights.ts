import { z } from 'zod';

/** What may be done with a camera's pictures: watch them as they come, look at the past, take copies away. */
export const CAMERA_RIGHTS = ['live', 'recordings', 'exports'] as const;
export const CameraRight = z.enum(CAMERA_RIGHTS);
export type CameraRight = z.infer<typeof CameraRight>;

/** A camera group is a tag. */
export const GroupRight = z.object({
  tag: z.string().trim().min(1).max(60),
  live: z.boolean(),
  recordings: z.boolean(),
  exports: z.boolean(),
});
export type GroupRight = z.infer<typeof GroupRight>;

/**
 * Limits by camera group. null: none, every camera in the scope is as the permissions say. A list: a camera allows what any entry with one of its
 * tags allows, and a camera without such a tag nothing. Scope and permissions have to allow it too.
 */
export const GroupRights = z.array(GroupRight).max(64).nullable();
export type GroupRights = z.infer<typeof GroupRights>;

/** Whether these limits let the right through on a camera with these tags. */
export const groupsAllow = (rights: GroupRights, right: CameraRight, tags: readonly string[]): boolean =>
  rights === null || rights.some((entry) => entry[right] && tags.includes(entry.tag));

/** Whether `inner` allows nothing that `outer` does not, whatever tags cameras get later. */
export const groupRightsWithin = (inner: GroupRights, outer: GroupRights): boolean =>
  outer === null || (inner !== null && inner.every(({ tag, ...given }) => CAMERA_RIGHTS.every((right) => !given[right] || groupsAllow(outer, right, [tag]))));
