/** Distance of key frames in our clips, on which every connection begins. */
const GROUP_MS = 2000;

/**
 * How long ago a picture was filmed, milliseconds. Media time begins at the key frame with which a connection began; key frames
 * are 2 s apart, so the moment of filming is known but for a multiple of 2 s, and nothing that is waited for is that late.
 *
 * @param bornAtMs wall time at which the cameras began, `startSeconds` into their clip
 * @param mediaMs the picture's media time
 */
export function ageMs(nowMs: number, bornAtMs: number, startSeconds: number, mediaMs: number): number {
  const filmedMs = bornAtMs - startSeconds * 1000 + mediaMs;
  return (((nowMs - filmedMs) % GROUP_MS) + GROUP_MS) % GROUP_MS;
}
