import { runCommand } from '../harvest/run-command.js';

export const harvestCancel = runCommand('cancel', 'stop a run', 'Stops a run, by its id or as the last one of a recipe. What it took stays, and it can be gone on with.', (client, id) => client.call('cancelHarvestRun', { params: { id } }), 'is stopped');
