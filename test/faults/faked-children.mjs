import { ChildProcess } from 'node:child_process';

// Loaded into a process whose clock is faked: its children get their environment from it word by word, and would have the machine's clock.
const FAKED = Object.entries(process.env).filter(([name]) => name === 'LD_PRELOAD' || name.includes('FAKE'));
const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function (options) {
  const given = options.envPairs ?? [];
  return spawn.call(this, { ...options, envPairs: [...given, ...FAKED.map(([name, value]) => `${name}=${value}`).filter((pair) => !given.includes(pair))] });
};
