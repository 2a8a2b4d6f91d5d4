import type { RecordingsDrift } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { columns } from '../text/columns.js';

export const recordVerify: Command = {
  name: 'verify',
  summary: 'compare files of footage with their rows',
  usage: `argus record verify [--json] [--data DIR]

Looks at every file of footage, its size too, on the disk and in the second tier, and at every row. Changes nothing. Exit status 0: they agree; 1: they do not, or not all could be looked at.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' }, data: { type: 'string' } });
    refuseExtra(positionals, 0);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const drift = await client.call('verifyRecordings');
    if (values.json) terminal.out(JSON.stringify(drift, null, 2));
    else for (const line of describe(drift)) terminal.out(line);
    return isSound(drift) ? 0 : 1;
  },
};

const KINDS = [
  ['rowsWithoutFile', 'rows without a file', 'removed by the next comparison'],
  ['filesWithoutRow', 'files without a row', 'used by nothing; they stay until somebody moves them away'],
  ['objectsWithoutRow', 'files of the second tier without a row', 'used by nothing; they stay'],
  ['otherSize', 'files of another size than their row says', 'damaged: what is in them cannot be shown'],
  ['leftBehind', 'files that were moved and are still on the disk', 'removed by the next comparison'],
] as const;

const isSound = (drift: RecordingsDrift): boolean => drift.remoteProblem === null && KINDS.every(([key]) => drift[key] === 0);

function describe(drift: RecordingsDrift): string[] {
  const seen = `Looked at ${drift.rows} rows, ${drift.files} files on the disk, ${drift.objects} in the second tier.`;
  const found = KINDS.filter(([key]) => drift[key] > 0).map(([key, what, then]) => [String(drift[key]), what, then]);
  const examples = drift.examples.map(({ path, problem }) => `  ${problem.padEnd(11)}  ${path}`);
  return [
    seen,
    ...(drift.remoteProblem === null ? [] : [`The second tier could not be looked at: ${drift.remoteProblem}`]),
    ...(found.length > 0 ? columns(found) : drift.remoteProblem === null ? ['Files and rows agree.'] : []),
    ...(examples.length > 0 ? ['', 'Some of them:', ...examples] : []),
  ];
}
