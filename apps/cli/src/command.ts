import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './errors.js';

/** Where a command reads its settings and writes its answers. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** One line of the answer. */
  out(line: string): void;
  /** One line about the answer: progress, warnings, errors. */
  err(line: string): void;
}

/** One word after `argus`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Shown by `argus help NAME` and after a usage error; of a group, by `argus help NAME ACTION`. */
  readonly usage: string;
  /** Commands of which one follows this word. */
  readonly actions?: readonly Command[];
  /** Returns the exit status. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** What is meant by a command and the words behind it: of a group, the one that is named. */
export function actionOf(command: Command, [word]: readonly string[]): { command: Command; title: string } {
  const action = command.actions?.find((one) => one.name === word);
  return action ? { command: action, title: `${command.name} ${action.name}` } : { command, title: command.name };
}

/** `parseArgs` whose complaints are UsageErrors. */
export function parseOptions<const O extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, {}, { cause: error });
    throw error;
  }
}

/** Refuses words that a command does not know what to do with. */
export function refuseExtra(positionals: readonly string[], allowed: number): void {
  const extra = positionals.slice(allowed);
  if (extra.length > 0) throw new UsageError(`unexpected ${extra.map((word) => `"${word}"`).join(', ')}`);
}

/** A whole number within bounds from an option's text. */
export function integerOption(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}, got "${text}"`);
  return value;
}

/** A number within bounds from an option's text. */
export function numberOption(name: string, text: string, min: number, max: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= min && value <= max)) throw new UsageError(`--${name}: expected a number from ${min} to ${max}, got "${text}"`);
  return value;
}
