import { EventView, type ServerToClientMessages } from '@argus/contracts';
import { io } from 'socket.io-client';
import type { ApiClient } from '@argus/api-client';
import { dataFolderOf } from '../checkout.js';
import { type Command, type Terminal, integerOption, parseOptions, refuseExtra } from '../command.js';
import { type GatewayAccess, clientOf, findGateway } from '../connection/gateway-access.js';

const usage = `argus events [--follow] [--json] [--limit N] [--state confirmed,ended] [--label person] [--data DIR]

Shows the newest events; with --follow goes on with every new one until Ctrl+C. --json: one object a line.`;

const OPTIONS = {
  follow: { type: 'boolean', short: 'f' },
  json: { type: 'boolean' },
  limit: { type: 'string', default: '20' },
  state: { type: 'string' },
  label: { type: 'string' },
  data: { type: 'string' },
} as const;

export const events: Command = {
  name: 'events',
  summary: 'show events, and follow them as they happen',
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 0);
    const access = await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env);
    const print = (event: EventView) => terminal.out(values.json ? JSON.stringify(event) : eventLine(event));
    const filter = { state: namesOf(values.state), label: namesOf(values.label) };
    const printer = new EventPrinter(clientOf(access), filter, integerOption('limit', values.limit, 1, 500), print);
    await printer.catchUp();
    if (values.follow) await follow(access, printer, terminal);
    return 0;
  },
};

interface Filter {
  readonly state: readonly string[] | undefined;
  readonly label: readonly string[] | undefined;
}

/** Prints each revision of an event once, whichever way it came. */
class EventPrinter {
  readonly #client: ApiClient;
  readonly #filter: Filter;
  readonly #limit: number;
  readonly #print: (event: EventView) => void;
  readonly #revisions = new Map<string, number>();

  constructor(client: ApiClient, filter: Filter, limit: number, print: (event: EventView) => void) {
    this.#client = client;
    this.#filter = filter;
    this.#limit = limit;
    this.#print = print;
  }

  /** Asks for the newest events: at the start, and after a gap in the connection. */
  async catchUp(): Promise<void> {
    const { items } = await this.#client.call('listEvents', { query: { limit: this.#limit, ...this.#filter } });
    for (const event of items.toReversed()) this.show(event);
  }

  show(event: EventView): void {
    const { state, label } = this.#filter;
    if (state !== undefined && !state.includes(event.state)) return;
    if (label !== undefined && (event.label === null || !label.includes(event.label))) return;
    if ((this.#revisions.get(event.id) ?? 0) >= event.revision) return;
    if (this.#revisions.size > 10_000) this.#revisions.clear();
    this.#revisions.set(event.id, event.revision);
    this.#print(event);
  }
}

/** Until Ctrl+C. A gateway that restarts is waited for; what happened meanwhile is asked for. */
function follow(access: GatewayAccess, printer: EventPrinter, terminal: Terminal): Promise<void> {
  return new Promise((resolve, reject) => {
    const authorization = `Bearer ${access.token}`;
    const socket = io(access.url, { transports: ['websocket'], extraHeaders: { authorization }, auth: { token: access.token }, reconnectionDelayMax: 3000 });
    const finish = (end: () => void) => {
      socket.disconnect();
      end();
    };
    let connectedBefore = false;
    socket.on('connect', () => {
      if (connectedBefore) terminal.err('Connected again.');
      connectedBefore = true;
      printer.catchUp().catch((error: unknown) => finish(() => reject(error)));
    });
    socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') terminal.err('Connection lost, waiting for Argus …');
    });
    socket.on('connect_error', (error) => {
      if (!socket.active) finish(() => reject(error));
    });
    socket.on('event' satisfies keyof ServerToClientMessages, (message: unknown) => {
      const parsed = EventView.safeParse(message);
      if (parsed.success) printer.show(parsed.data);
      else terminal.err(`An event of an unknown shape came; is the gateway of another version? ${parsed.error.issues[0]?.message ?? ''}`);
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => finish(resolve));
  });
}

/** `12:00:31  confirmed  Front door  Loitering  person (upright)  0.81`. */
export function eventLine(event: EventView): string {
  const attributes = Object.values(event.attributes).map((attribute) => attribute.label);
  const what = `${event.label ?? `count ${event.count ?? '?'}`}${attributes.length > 0 ? ` (${attributes.join(', ')})` : ''}`;
  const cells = [event.startedAt.replace('T', ' ').slice(0, 19), event.state.padEnd(11), event.cameraName, event.ruleName, event.detail ?? event.kind, what, event.score.toFixed(2)];
  return cells.join('  ');
}

const namesOf = (text: string | undefined): readonly string[] | undefined => text?.split(',').map((word) => word.trim()).filter((word) => word !== '');
