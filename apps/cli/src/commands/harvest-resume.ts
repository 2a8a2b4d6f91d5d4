import { runCommand } from '../harvest/run-command.js';

export const harvestResume = runCommand('resume', 'go on with a run', 'Goes on with a run that was stopped or failed, by its id or as the last one of a recipe.', (client, id) => client.call('resumeHarvestRun', { params: { id } }), 'goes on');
