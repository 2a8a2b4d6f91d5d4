import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { VideoGrouping } from '@argus/contracts';
import { stemOf, videoGroupOf } from '@argus/harvest';
import { messageOf } from '@argus/kernel';
import { OutputError } from '../errors.js';
import type { ExtractRecipe } from './options.js';
import { INDEX } from './picture-folder.js';
import { digestOf, safeName } from './safe-name.js';
import { writeDurably } from './write-durably.js';

/** Which video a folder's pictures are of, and how they were made. */
interface Claim {
  readonly video: string;
  readonly bytes: number;
  readonly changedMs: number;
  readonly recipe: ExtractRecipe;
}

const CLAIM = 'video.json';

/**
 * The folder for a video's pictures below `out`; made where it is not there. Another video of the same name gets a digest of its path behind its name. Throws OutputError when the pictures that are
 * there were made in another way, or of a video that has changed since.
 */
export async function claimFolder(out: string, video: string, grouping: VideoGrouping, recipe: ExtractRecipe): Promise<string> {
  const { size, mtimeMs } = await stat(video).catch(() => ({ size: 0, mtimeMs: 0 }));
  const claim: Claim = { video, bytes: size, changedMs: Math.round(mtimeMs), recipe };
  const group = join(out, safeName(videoGroupOf(video, grouping)));
  const name = safeName(stemOf(video));
  for (const folder of [join(group, name), join(group, `${name}~${digestOf(video)}`)]) {
    try {
      await mkdir(folder, { recursive: true });
      const owner = await claimIn(folder);
      if (owner === null) await writeDurably(join(folder, CLAIM), `${JSON.stringify(claim)}\n`);
      else if (owner.video !== video) continue;
      else if (await hasPictures(folder)) requireSame(folder, owner, claim);
      else await writeDurably(join(folder, CLAIM), `${JSON.stringify(claim)}\n`);
      return folder;
    } catch (error) {
      if (error instanceof OutputError) throw error;
      throw new OutputError(`${folder} cannot be used: ${messageOf(error)}`, { folder }, { cause: error });
    }
  }
  throw new OutputError(`the folders in ${group} that pictures of ${video} would go to belong to other videos`, { video });
}

async function claimIn(folder: string): Promise<Claim | null> {
  const text = await readFile(join(folder, CLAIM), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  try {
    return text === null ? null : (JSON.parse(text) as Claim);
  } catch (error) {
    throw new OutputError(`${join(folder, CLAIM)} is not what was written there: ${messageOf(error)}; remove the folder to extract anew`, { folder });
  }
}

const hasPictures = (folder: string): Promise<boolean> => stat(join(folder, INDEX)).then(({ size }) => size > 0, () => false);

function requireSame(folder: string, before: Claim, now: Claim): void {
  if (JSON.stringify(before.recipe) !== JSON.stringify(now.recipe)) {
    throw new OutputError(`${folder} holds pictures that were made with other options (${JSON.stringify(before.recipe)}); choose another --out, or remove it`, { folder });
  }
  if (before.bytes !== now.bytes || before.changedMs !== now.changedMs) {
    throw new OutputError(`${now.video} has changed since its pictures in ${folder} were made; choose another --out, or remove the folder`, { folder });
  }
}
