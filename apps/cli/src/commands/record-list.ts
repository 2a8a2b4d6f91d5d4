import type { CameraTimeline } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { UsageError } from '../errors.js';
import { camerasNamed } from '../record/cameras-named.js';
import { timeOf } from '../record/time-of.js';
import { columns } from '../text/columns.js';
import { spanOf } from '../text/span-of.js';

const OPTIONS = { json: { type: 'boolean' }, data: { type: 'string' }, camera: { type: 'string', multiple: true }, from: { type: 'string' }, to: { type: 'string' } } as const;
const DAY_MS = 86_400_000;
/** The timeline answers so many at once. */
const CAMERAS_AT_ONCE = 64;

export const recordList: Command = {
  name: 'list',
  summary: 'show footage and gaps',
  usage: `argus record list [--camera NAME] [--from TIME] [--to TIME] [--json] [--data DIR]

Shows footage and gaps of all or some cameras, of the last 24 hours.

  --camera NAME   name or id; may be given several times
  --from, --to    2026-11-20T09:00:00+08:00, or without an offset in this machine's time zone`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 0);
    const [fromMs, toMs] = [values.from === undefined ? Date.now() - DAY_MS : timeOf('from', values.from), values.to === undefined ? Date.now() : timeOf('to', values.to)];
    if (toMs <= fromMs) throw new UsageError('--to: expected a time after --from');
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const cameras = camerasNamed(await allPages((query) => client.call('listCameras', { query })), values.camera);
    const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
    const lines: CameraTimeline[] = [];
    for (let at = 0; at < cameras.length; at += CAMERAS_AT_ONCE) {
      const some = cameras.slice(at, at + CAMERAS_AT_ONCE).map(({ id }) => id);
      lines.push(...(await client.call('getTimeline', { query: { camera: some.join(','), from, to, buckets: 1 } })).cameras);
    }
    const found = cameras.map((camera) => ({ camera, spans: lines.find(({ cameraId }) => cameraId === camera.id)?.spans ?? [] }));
    const rows = found.flatMap(({ camera, spans }) => spans.map(({ startAt, endAt }, index) => [camera.name, startAt, endAt, spanOf(Date.parse(endAt) - Date.parse(startAt)), gapBefore(spans[index - 1]?.endAt, startAt)]));
    if (values.json) terminal.out(JSON.stringify({ from, to, cameras: found.map(({ camera, spans }) => ({ cameraId: camera.id, name: camera.name, spans })) }, null, 2));
    else if (rows.length === 0) terminal.out(`No footage from ${from} to ${to}.`);
    else for (const line of columns([['CAMERA', 'FROM', 'TO', 'LENGTH', 'GAP BEFORE'], ...rows])) terminal.out(line);
    return 0;
  },
};

const gapBefore = (endAt: string | undefined, startAt: string): string => (endAt === undefined ? '-' : spanOf(Date.parse(startAt) - Date.parse(endAt)));
