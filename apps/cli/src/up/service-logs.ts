import { join } from 'node:path';
import { LineSplitter } from './line-splitter.js';
import { consoleLine } from './log-line.js';
import type { Reporter } from './reporter.js';
import { RotatingLog } from './rotating-log.js';

/** Every service's output: all of it into its log file, warnings and errors to the console too. */
export class ServiceLogs {
  readonly #folder: string;
  readonly #reporter: Reporter;
  readonly #open = new Map<string, { log: RotatingLog; splitter: LineSplitter }>();

  constructor(dataFolder: string, reporter: Reporter) {
    this.#folder = join(dataFolder, 'logs');
    this.#reporter = reporter;
  }

  readonly outputOf = (service: string): ((chunk: Buffer) => void) => {
    const { splitter } = this.#of(service);
    return (chunk) => splitter.push(chunk);
  };

  close(): void {
    for (const { log, splitter } of this.#open.values()) {
      splitter.end();
      log.close();
    }
    this.#open.clear();
  }

  #of(service: string): { log: RotatingLog; splitter: LineSplitter } {
    const known = this.#open.get(service);
    if (known !== undefined) return known;
    const log = new RotatingLog(join(this.#folder, `${service}.log`));
    const splitter = new LineSplitter((line) => {
      log.write(`${line}\n`);
      const shown = consoleLine(line);
      if (shown !== null) this.#reporter.fromService(service, shown);
    });
    const entry = { log, splitter };
    this.#open.set(service, entry);
    return entry;
  }
}
