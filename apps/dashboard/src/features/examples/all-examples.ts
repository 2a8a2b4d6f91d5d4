/// <reference types="vite/client" />
import { readExample, type Example } from './read-example.js';

/** Put in when the dashboard is built, from the files themselves: nothing here can go stale. */
const PROGRAMS = import.meta.glob<string>(['../../../../../examples/*.{ts,sh}', '../../../../../examples/*/main.ts'], { query: '?raw', import: 'default', eager: true });
const PARTS = import.meta.glob<string>(['../../../../../examples/*/**/*', '!**/main.ts'], { query: '?raw', import: 'default', eager: true });

export const EXAMPLES: readonly Example[] = Object.entries(PROGRAMS)
  .map(([path, source]) => readExample(path, source, PARTS))
  .sort((a, b) => a.title.en.localeCompare(b.title.en));
