import { commandGroup } from '../command-group.js';
import { recordExport } from './record-export.js';
import { recordList } from './record-list.js';
import { recordPrune } from './record-prune.js';
import { recordVerify } from './record-verify.js';

/** What follows `argus record`; each is a command of its own. */
export const record = commandGroup('record', 'list, export and look after recorded footage', [recordList, recordExport, recordVerify, recordPrune]);
