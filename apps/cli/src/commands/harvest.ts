import { type Command } from '../command.js';
import { UsageError } from '../errors.js';
import { harvestCancel } from './harvest-cancel.js';
import { harvestCreate } from './harvest-create.js';
import { harvestDelete, harvestEdit } from './harvest-edit.js';
import { harvestList } from './harvest-list.js';
import { harvestPreview } from './harvest-preview.js';
import { harvestResume } from './harvest-resume.js';
import { harvestRun } from './harvest-run.js';
import { harvestShow } from './harvest-show.js';
import { harvestWindows } from './harvest-windows.js';

/** What follows `argus harvest`; each is a command of its own. */
const ACTIONS: readonly Command[] = [harvestList, harvestCreate, harvestEdit, harvestDelete, harvestPreview, harvestShow, harvestRun, harvestCancel, harvestResume, harvestWindows];

export const harvest: Command = {
  name: 'harvest',
  summary: 'take pictures to train with out of footage',
  usage: ACTIONS.map(({ usage }) => usage).join('\n\n'),
  async run([name, ...args], terminal) {
    const action = ACTIONS.find((one) => one.name === name);
    if (!action) throw new UsageError(`expected ${ACTIONS.map((one) => `"${one.name}"`).join(' or ')} after "harvest", got ${name === undefined ? 'nothing' : `"${name}"`}`);
    return action.run(args, terminal);
  },
};
