import type { SegmentId, VideoSource } from '@argus/contracts';
import { leastRulesOf, rulesOf } from '@argus/harvest';
import { newId } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { HarvestSets } from '../harvest-sets.js';
import type { ClaimedRun, PlannedPart, PlannedParts } from '../harvest-store.js';
import { partsOf } from '../parts-of.js';
import type { SourceVideo, VideoFiles } from './video-files.js';

/** A part is done by one worker after the other: little enough that several share a group. */
const MOST_FILES = 16;
const MOST_BYTES = 1e9;
const BATCH = 1000;

/** A file that this recipe saw before, as it is now, keeps its id; one that was changed since is another. */
const KNOWN = `
  INSERT INTO harvest_videos (id, recipe_id, path, bytes, changed_us, name, group_name)
  SELECT given.id, $1, given.path, given.bytes, given.changed_us, given.name, given.group_name
  FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[]) AS given (id, path, bytes, changed_us, name, group_name)
  ON CONFLICT (recipe_id, path, bytes, changed_us) DO UPDATE SET name = excluded.name, group_name = excluded.group_name RETURNING id, path`;
const TAKEN = `SELECT segment_id AS id FROM harvest_taken WHERE recipe_id = $1 AND rules = ANY ($2) AND segment_id = ANY ($3)`;

interface NewVideo {
  readonly id: SegmentId;
  readonly bytes: number;
}

/** Video files that the recipe has not taken yet, by groups. */
export async function planVideos(run: ClaimedRun, source: VideoSource, sets: HarvestSets, { dataSource, files }: { readonly dataSource: DataSource; readonly files: VideoFiles }): Promise<PlannedParts> {
  const { videos, troubles } = await files.find(source);
  const groups = new Map<string, NewVideo[]>();
  for (let from = 0; from < videos.length; from += BATCH) await addNew(dataSource, run, source, videos.slice(from, from + BATCH), groups);
  const parts: PlannedPart[] = [];
  // A short clip of another scene is worth more than more of a long film.
  for (const [group, found] of groups) parts.push(...(await partsOf(dataSource, run, sets, { cameraId: null, group, name: group }, chunksOf(found).map((chunk) => chunk.map(({ id }) => id)))));
  return { parts, troubles };
}

async function addNew(dataSource: DataSource, { recipeId, recipe }: ClaimedRun, source: VideoSource, videos: readonly SourceVideo[], groups: Map<string, NewVideo[]>): Promise<void> {
  const column = <Value>(value: (video: SourceVideo) => Value): Value[] => videos.map(value);
  const known = (await dataSource.query(KNOWN, [recipeId, column(() => newId()), column(({ path }) => path), column(({ bytes }) => bytes), column(({ changedUs }) => changedUs.toString()), column(({ name }) => name), column(({ group }) => group)])) as { id: SegmentId; path: string }[];
  const taken = new Set(((await dataSource.query(TAKEN, [recipeId, [rulesOf(recipe), leastRulesOf(source)], known.map(({ id }) => id)])) as { id: SegmentId }[]).map(({ id }) => id));
  const ids = new Map(known.map(({ id, path }) => [path, id]));
  for (const { path, group, bytes } of videos) {
    const id = ids.get(path);
    if (id === undefined || taken.has(id)) continue;
    const own = groups.get(group);
    if (own) own.push({ id, bytes });
    else groups.set(group, [{ id, bytes }]);
  }
}

function chunksOf(videos: readonly NewVideo[]): NewVideo[][] {
  const chunks: NewVideo[][] = [];
  let bytes = Infinity;
  for (const video of videos) {
    const last = chunks.at(-1);
    if (last === undefined || last.length >= MOST_FILES || bytes + video.bytes > MOST_BYTES) {
      chunks.push([video]);
      bytes = video.bytes;
    } else {
      last.push(video);
      bytes += video.bytes;
    }
  }
  return chunks;
}
