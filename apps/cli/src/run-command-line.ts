import { ApiError } from '@argus/api-client';
import { ArgusError } from '@argus/kernel';
import { actionOf, type Command, type Terminal } from './command.js';
import { analyze } from './commands/analyze.js';
import { camera } from './commands/camera.js';
import { dataset } from './commands/dataset.js';
import { doctor } from './commands/doctor.js';
import { events } from './commands/events.js';
import { extract } from './commands/extract.js';
import { harvest } from './commands/harvest.js';
import { helpCommand } from './commands/help.js';
import { model } from './commands/model.js';
import { profile } from './commands/profile.js';
import { record } from './commands/record.js';
import { status } from './commands/status.js';
import { tune } from './commands/tune.js';
import { up } from './commands/up.js';
import { explainCall } from './connection/gateway-access.js';
import { UsageError } from './errors.js';
import { suggest } from './text/suggestion.js';

const COMMANDS: readonly Command[] = [up, status, doctor, camera, events, record, harvest, dataset, analyze, extract, model, profile, tune];

/** Finds the command, runs it, and turns what it throws into words. Returns the exit status: 2 for a command line not understood. */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  const help = helpCommand(COMMANDS);
  const [name = 'help', ...args] = words;
  if (['help', '--help', '-h'].includes(name)) return help.run(args, terminal);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const near = suggest(name, [...COMMANDS.map((candidate) => candidate.name), 'help']);
    terminal.err(`argus: there is no command "${name}".${near === null ? ' "argus help" shows all.' : ` Did you mean "argus ${near}"?`}`);
    return 2;
  }
  if (command !== analyze && command !== extract && (args.includes('--help') || args.includes('-h'))) return help.run([name, ...args], terminal);
  try {
    return await command.run(args, terminal);
  } catch (error) {
    return explain(error, actionOf(command, args), terminal);
  }
}

function explain(error: unknown, { command, title }: ReturnType<typeof actionOf>, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.err(`argus ${title}: ${error.message}\n\n${command.usage}`);
    return 2;
  }
  if (error instanceof ApiError) {
    terminal.err(`argus ${title}: ${explainCall(error)} (${error.code})`);
    return 1;
  }
  if (!(error instanceof ArgusError)) throw error;
  terminal.err(`argus ${title}: ${error.message} (${error.code})`);
  return 1;
}
