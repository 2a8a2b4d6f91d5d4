import type { Command } from './command.js';
import { UsageError } from './errors.js';
import { columns } from './text/columns.js';
import { suggest } from './text/suggestion.js';

/** A word after `argus` that another one follows: its usage lists them, and each has its own. */
export function commandGroup(name: string, summary: string, actions: readonly Command[]): Command {
  const list = columns(actions.map((one) => ['', `argus ${name} ${one.name}`, one.summary])).join('\n');
  return {
    name,
    summary,
    actions,
    usage: `${list}\n\n"argus help ${name} ${actions[0]?.name ?? ''}" says what one of them takes.`,
    async run([word, ...args], terminal) {
      const action = actions.find((one) => one.name === word);
      if (action) return action.run(args, terminal);
      if (word === undefined) throw new UsageError(`expected one of these after "${name}", got nothing`);
      const near = suggest(word, actions.map((one) => one.name));
      throw new UsageError(`expected one of these after "${name}", got "${word}"${near === null ? '' : `; did you mean "argus ${name} ${near}"?`}`);
    },
  };
}
