export { runCommandLine } from './run-command-line.js';
export { type Command, type Terminal } from './command.js';
