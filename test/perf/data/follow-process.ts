import { BoxFollower } from '@argus/datasets';
import { lumaPictures } from '@argus/media';

/** Follows so many boxes through a clip, on one thread. `node follow-process.ts CLIP COUNT`; one line of JSON. */
const [path = '', count = '0'] = process.argv.slice(2);
let followers: BoxFollower[] | null = null;
let pictures = 0;
let followedMs = 0;
for await (const { luma } of lumaPictures({ path, within: { width: 640, height: 640 }, fromFrameIndex: 0, threads: 1, repaint: null })) {
  pictures += 1;
  const startedMs = performance.now();
  if (followers === null) followers = Array.from({ length: Number(count) }, (_unused, index) => new BoxFollower(luma, { x: 40 + 60 * (index % 8), y: 120 + 90 * Math.floor(index / 8), width: 36, height: 72 }));
  else for (const follower of followers) follower.follow(luma);
  followedMs += performance.now() - startedMs;
}
process.stdout.write(`${JSON.stringify({ pictures, followedSeconds: followedMs / 1000 })}\n`);
