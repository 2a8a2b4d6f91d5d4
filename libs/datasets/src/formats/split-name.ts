import type { Split } from '@argus/contracts';

const NAMES: Readonly<Record<string, Split>> = { train: 'train', training: 'train', val: 'val', valid: 'val', validation: 'val', test: 'test', testing: 'test' };

/** The split that a folder or subset is called after; also train2017. */
export function splitNamed(name: string): Split | null {
  return NAMES[name.toLowerCase().replace(/[-_ ]?\d+$/, '')] ?? null;
}

export function splitOfPath(path: string): Split | null {
  for (const part of path.split('/').slice(0, -1)) {
    const split = splitNamed(part);
    if (split) return split;
  }
  return null;
}
