import { commandGroup } from '../command-group.js';
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
export const harvest = commandGroup('harvest', 'take pictures to train with out of footage', [harvestList, harvestCreate, harvestEdit, harvestDelete, harvestPreview, harvestShow, harvestRun, harvestCancel, harvestResume, harvestWindows]);
