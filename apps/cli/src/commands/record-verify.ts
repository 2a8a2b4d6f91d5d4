import type { RecordingsDrift, RepairedRecordings } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { columns } from '../text/columns.js';

export const recordVerify: Command = {
  name: 'verify',
  summary: 'compare files of footage with their rows',
  usage: `argus record verify [--repair] [--json] [--data DIR]

Looks at every file of footage, its size too, on the disk and in the second tier, and at every row. Changes nothing, unless
  --repair   mends now what the daily comparison would: whole footage without a row is taken into the index, rows without a file are removed;
             footage of the second tier too, if its camera is known
Exit status 0: they agree (now); 1: they do not, or not all could be looked at.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' }, repair: { type: 'boolean' }, data: { type: 'string' } });
    refuseExtra(positionals, 0);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const repaired = values.repair ? await client.call('repairRecordings') : null;
    const drift = repaired?.left ?? (await client.call('verifyRecordings'));
    if (values.json) terminal.out(JSON.stringify(repaired ?? drift, null, 2));
    else for (const line of [...(repaired ? describeRepair(repaired) : []), ...describe(drift)]) terminal.out(line);
    return isSound(drift) ? 0 : 1;
  },
};

const KINDS = [
  ['rowsWithoutFile', 'rows without a file', 'removed by the next comparison'],
  ['filesWithoutRow', 'files of footage without a row', 'taken into the index by the next comparison, or now by --repair'],
  ['openFiles', 'files that were left unfinished', 'the engine repairs them when it starts'],
  ['damagedFiles', 'files without a row that are damaged', 'used by nothing; they stay until somebody moves them away'],
  ['objectsWithoutRow', 'files of the second tier without a row', 'whole footage of cameras that are known is taken into the index by --repair; the rest stays'],
  ['otherSize', 'files of another size than their row says', 'damaged: what is in them cannot be shown'],
  ['leftBehind', 'files that were moved and are still on the disk', 'removed by the next comparison'],
] as const;

const describeRepair = ({ adopted, rowsRemoved, rowsMarkedMoved, copiesRemoved }: RepairedRecordings): string[] => [
  `Repaired: ${adopted} files taken into the index, ${rowsRemoved} rows without a file removed, ${rowsMarkedMoved} rows marked as moved, ${copiesRemoved} copies of moved files removed.`,
];

const isSound = (drift: RecordingsDrift): boolean => drift.remoteProblem === null && KINDS.every(([key]) => drift[key] === 0);

function describe(drift: RecordingsDrift): string[] {
  const seen = `Looked at ${drift.rows} rows, ${drift.files} files on the disk, ${drift.objects} in the second tier.`;
  const found = KINDS.filter(([key]) => drift[key] > 0).map(([key, what, then]) => [String(drift[key]), what, then]);
  const examples = drift.examples.map(({ path, problem }) => `  ${problem.padEnd(11)}  ${path}`);
  return [
    seen,
    ...(drift.remoteProblem === null ? [] : [`The second tier could not be looked at: ${drift.remoteProblem}`]),
    ...(found.length > 0 ? columns(found) : drift.remoteProblem === null ? ['Files and rows agree.'] : []),
    ...(drift.foreignFiles > 0 ? [`${drift.foreignFiles} files in the recordings folder are no footage; they are left alone.`] : []),
    ...(examples.length > 0 ? ['', 'Some of them:', ...examples] : []),
  ];
}
