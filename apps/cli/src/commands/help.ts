import { actionOf, type Command } from '../command.js';
import { columns } from '../text/columns.js';

const OWN_ROW = ['help', 'this text, or a command in detail: argus help NAME, argus help NAME ACTION'];

/** The overview, or one command in detail. */
export function helpCommand(commands: readonly Command[]): Command {
  return {
    name: 'help',
    summary: OWN_ROW[1] as string,
    usage: 'argus help [NAME [ACTION]]',
    async run(args, terminal) {
      const wanted = commands.find((command) => command.name === args[0]);
      for (const line of wanted === undefined ? overview(commands) : actionOf(wanted, args.slice(1)).command.usage.split('\n')) terminal.out(line);
      return 0;
    },
  };
}

function overview(commands: readonly Command[]): string[] {
  const rows = [...commands.map((command) => [command.name, command.summary]), OWN_ROW];
  return ['argus COMMAND [options]', '', ...columns(rows.map((row) => ['', ...row])), '', 'Data directory: --data DIR, else ARGUS_DATA, else data in the checkout.', 'A gateway elsewhere: ARGUS_URL and ARGUS_API_KEY.'];
}
