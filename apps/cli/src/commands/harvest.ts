import { type Command } from '../command.js';
import { UsageError } from '../errors.js';
import { harvestWindows } from './harvest-windows.js';

/** What follows `argus harvest`; each is a command of its own. */
const ACTIONS: readonly Command[] = [harvestWindows];

export const harvest: Command = {
  name: 'harvest',
  summary: 'which footage training pictures are taken from',
  usage: ACTIONS.map(({ usage }) => usage).join('\n\n'),
  async run([name, ...args], terminal) {
    const action = ACTIONS.find((one) => one.name === name);
    if (!action) throw new UsageError(`expected ${ACTIONS.map((one) => `"${one.name}"`).join(' or ')} after "harvest", got ${name === undefined ? 'nothing' : `"${name}"`}`);
    return action.run(args, terminal);
  },
};
