import { type Command } from '../command.js';
import { UsageError } from '../errors.js';
import { recordExport } from './record-export.js';
import { recordList } from './record-list.js';
import { recordPrune } from './record-prune.js';
import { recordVerify } from './record-verify.js';

/** What follows `argus record`; each is a command of its own. */
const ACTIONS: readonly Command[] = [recordList, recordExport, recordVerify, recordPrune];

export const record: Command = {
  name: 'record',
  summary: 'list, export and look after recorded footage',
  usage: ACTIONS.map(({ usage }) => usage).join('\n\n'),
  async run([name, ...args], terminal) {
    const action = ACTIONS.find((one) => one.name === name);
    if (!action) throw new UsageError(`expected ${ACTIONS.map((one) => `"${one.name}"`).join(' or ')} after "record", got ${name === undefined ? 'nothing' : `"${name}"`}`);
    return action.run(args, terminal);
  },
};
