import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** One import statement: both ends as paths from the repository's root; `to` is a file, or a package name for what is not ours. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^'"();]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

const unix = (path: string) => path.split(sep).join(posix.sep);

/** Every TypeScript file of the product, specs and declarations left out. */
export function productFiles(): string[] {
  return globSync('{libs,apps}/*/src/**/*.{ts,tsx}', { cwd: ROOT })
    .map(unix)
    .filter((file) => !/\.(spec|medium)\.tsx?$|\.d\.ts$/.test(file))
    .sort();
}

export function readSource(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function resolveRelative(from: string, specifier: string): string {
  const base = resolve(ROOT, dirname(from), specifier);
  const candidates = [base.replace(/\.js$/, '.ts'), base.replace(/\.jsx?$/, '.tsx'), `${base}.ts`, `${base}.tsx`, join(base, 'index.ts'), join(base, 'index.tsx'), base];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (!found) throw new Error(`${from}: import '${specifier}' leads nowhere`);
  return unix(relative(ROOT, found));
}

export function readArrows(files = productFiles()): Arrow[] {
  return files.flatMap((from) =>
    [...readSource(from).matchAll(IMPORT)].map((match) => {
      const text = (match[1] ?? match[2] ?? match[3]) as string;
      return { from, text, to: text.startsWith('.') ? resolveRelative(from, text) : text };
    }),
  );
}

/** `libs/pipeline/src/track/kalman.ts` -> `libs/pipeline`. */
export const packageOf = (file: string): string => file.split('/').slice(0, 2).join('/');

/** The circles of a graph, each as its nodes; Tarjan's strongly connected components of more than one node. */
export function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.get(node) as number);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) as number, low.get(next) as number));
    }
    if (low.get(node) !== index.get(node)) return;
    const component = stack.splice(stack.indexOf(node));
    if (component.length > 1) found.push(component.sort());
  };
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return found;
}
