import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CameraSettings, RuleSettings } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { z } from 'zod';
import { MAY_EVERYTHING } from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import { DemoFileError } from './errors.js';

const DemoFile = z.object({ cameras: z.array(CameraSettings).max(100), rules: z.array(RuleSettings).max(100).default([]) });

/** What the import writes through: the same services that people use. */
export interface DemoTarget {
  readonly hasCameras: () => Promise<boolean>;
  readonly hasRules: () => Promise<boolean>;
  readonly createCamera: (settings: CameraSettings, by: Principal) => Promise<unknown>;
  readonly createRule: (settings: RuleSettings, by: Principal) => Promise<unknown>;
}

const DEMO: Principal = { ...MAY_EVERYTHING, id: 'demo', name: 'demo', remoteAddress: null };

/**
 * Makes the demo's cameras and rules where there is no camera yet. `{demoDir}` in the file stands for its own folder, ready to
 * follow `file://`. Returns how many cameras were made.
 * @throws DemoFileError when the file cannot be read or does not fit
 */
export async function importDemo(file: string, target: DemoTarget): Promise<number> {
  if (await target.hasCameras()) return 0;
  const demo = await readDemo(file);
  for (const camera of demo.cameras) await target.createCamera(camera, DEMO);
  // Rules of an earlier demo, or a person's own, are not doubled.
  if (!(await target.hasRules())) for (const rule of demo.rules) await target.createRule(rule, DEMO);
  return demo.cameras.length;
}

async function readDemo(file: string): Promise<z.output<typeof DemoFile>> {
  try {
    const text = await readFile(file, 'utf8');
    return DemoFile.parse(JSON.parse(text.replaceAll('{demoDir}', pathToFileURL(dirname(file)).pathname)));
  } catch (error) {
    throw new DemoFileError(`${file}: ${error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error)}`, {}, { cause: error });
  }
}
