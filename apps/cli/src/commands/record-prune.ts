import type { CameraId } from '@argus/contracts';
import type { ApiClient } from '@argus/api-client';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { NotFoundError, UsageError } from '../errors.js';

const OPTIONS = {
  camera: { type: 'string' },
  before: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  data: { type: 'string' },
} as const;

export const recordPrune: Command = {
  name: 'prune',
  summary: 'remove old footage now',
  usage: `argus record prune [--camera NAME|ID] [--before TIME] [--dry-run] [--json] [--data DIR]

Removes footage that ended before TIME (2026-11-20 or 2026-11-20T08:00:00+01:00), in both tiers; without --before what is older than each camera's own days.
Held footage stays. --dry-run: only says what would be removed.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 0);
    const before = values.before === undefined ? null : timeOf(values.before);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const cameraId = values.camera === undefined ? null : await findCamera(client, values.camera);
    const dryRun = values['dry-run'] ?? false;
    const pruned = await client.call('pruneRecordings', { body: { cameraId, before, dryRun } });
    const held = pruned.heldFiles > 0 ? ` ${pruned.heldFiles} more are held and stay.` : '';
    terminal.out(values.json ? JSON.stringify(pruned) : `${dryRun ? 'Would remove' : 'Removed'} ${pruned.files} files, ${(pruned.bytes / 1e9).toFixed(2)} GB.${held}`);
    return 0;
  },
};

function timeOf(text: string): string {
  const ms = /^\d{4}-\d\d-\d\d(T.+)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new UsageError(`--before: expected a time such as 2026-11-20 or 2026-11-20T08:00:00+01:00, got "${text}"`);
  return new Date(ms).toISOString();
}

/** By its name or id; an id also of a camera that is gone, whose footage is still there. */
async function findCamera(client: ApiClient, wanted: string): Promise<CameraId> {
  const cameras = await allPages((query) => client.call('listCameras', { query }));
  const [match, another] = cameras.filter((one) => one.id === wanted || one.name === wanted);
  if (another) throw new UsageError(`several cameras are named "${wanted}"; name one by its id`);
  if (match) return match.id;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(wanted)) return wanted as CameraId;
  throw new NotFoundError(`no camera is named "${wanted}"; "argus camera list" shows all ${cameras.length}`);
}
