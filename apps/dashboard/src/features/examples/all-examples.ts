/// <reference types="vite/client" />
import { readExample, type Example } from './read-example.js';

/** Put in when the dashboard is built, from the files themselves: nothing here can go stale. */
const SOURCES = import.meta.glob<string>('../../../../../examples/*.{ts,sh}', { query: '?raw', import: 'default', eager: true });

export const EXAMPLES: readonly Example[] = Object.entries(SOURCES)
  .map(([path, source]) => readExample(path, source))
  .sort((a, b) => a.title.en.localeCompare(b.title.en));
