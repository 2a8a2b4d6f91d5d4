import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import type { Finding } from '../doctor/finding.js';
import { checkDisk, checkPort, checkSharedMemory, checkTestPackages } from '../doctor/machine-checks.js';
import { checkFfmpeg, checkNode, checkPostgres, checkProviders, checkPython } from '../doctor/runtime-checks.js';

const usage = `argus doctor [--json] [--data DIR]

Looks at everything Argus needs and says what to do where something is missing.
Exit status 0: Argus can run; 1: something it cannot do without is missing.`;

const SIGN = { ok: 'ok     ', advice: 'advice ', missing: 'MISSING' } as const;

export const doctor: Command = {
  name: 'doctor',
  summary: 'check this machine, with a remedy for each finding',
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' }, data: { type: 'string' } });
    refuseExtra(positionals, 0);
    const dataFolder = dataFolderOf(values.data, terminal.env, terminal.cwd);
    const findings: readonly Finding[] = (await Promise.all([
      checkNode(),
      checkFfmpeg(),
      checkProviders(),
      checkPostgres(terminal.env),
      checkPython(),
      checkDisk(dataFolder),
      checkSharedMemory(),
      checkPort(dataFolder, terminal.env),
      checkTestPackages(),
    ])).flat();
    const fine = findings.every((finding) => finding.state !== 'missing');
    if (values.json) terminal.out(JSON.stringify({ ok: fine, findings }, null, 2));
    else {
      for (const finding of findings) {
        terminal.out(`${SIGN[finding.state]}  ${finding.name}: ${finding.found}`);
        if (finding.remedy !== null) terminal.out(`         -> ${finding.remedy}`);
      }
      terminal.out(fine ? 'Argus can run here.' : 'Argus cannot run here yet: see MISSING above.');
    }
    return fine ? 0 : 1;
  },
};
