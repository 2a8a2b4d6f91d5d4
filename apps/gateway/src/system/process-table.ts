import { readFile } from 'node:fs/promises';
import { RunFile, type ProcessStatus } from '@argus/contracts';
import { messageOf, type Logger } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import type { Settings } from '../settings.js';
import { LOGGER, SETTINGS } from '../tokens.js';

/** What the supervisor wrote of Argus' processes. */
@Injectable()
export class ProcessTable {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'runFile'>,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Empty where no supervisor wrote the file, e.g. in a container of its own. */
  async read(): Promise<ProcessStatus[]> {
    try {
      return RunFile.parse(JSON.parse(await readFile(this.settings.runFile, 'utf8'))).processes;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.log.warn('run.json cannot be read', { error: messageOf(error) });
      return [];
    }
  }
}
