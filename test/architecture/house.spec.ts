import { globSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { EXAMPLES_MAY_IMPORT, MAY_IMPORT, ONLY_IMPORTER, STAGES_WITH_MODELS, STAGE_MAY_IMPORT } from './house.js';
import { ROOT, circles, packageOf, productFiles, readArrows, readSource, type Arrow } from './import-graph.js';

const files = productFiles();
const arrows = readArrows(files);
const ours = arrows.filter((arrow) => arrow.text.startsWith('@argus/'));
const packageNamed = (specifier: string) => ['libs', 'apps'].map((kind) => `${kind}/${specifier.split('/')[1]}`).find((name) => name in MAY_IMPORT) ?? specifier;

describe('packages', () => {
  it('are all on the drawing', () => {
    const present = globSync('{libs,apps}/*/package.json', { cwd: ROOT }).map(packageOf).sort();
    expect(present).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('import only what the drawing allows', () => {
    const wrong = ours.filter((arrow) => {
      const [from, to] = [packageOf(arrow.from), packageNamed(arrow.text)];
      return from !== to && !MAY_IMPORT[from]?.includes(to);
    });
    expect(wrong.map((arrow) => `${arrow.from} -> ${arrow.text}`)).toEqual([]);
  });

  it('are entered by their index only', () => {
    const inside = ours.filter((arrow) => arrow.text.split('/').length > 2);
    const across = arrows.filter((arrow) => arrow.text.startsWith('.') && packageOf(arrow.to) !== packageOf(arrow.from));
    expect([...inside, ...across].map((arrow) => `${arrow.from} -> ${arrow.text}`)).toEqual([]);
  });

  it('keep native bindings and the mapper where they belong', () => {
    const wrong = arrows.filter((arrow) => {
      const binding = Object.keys(ONLY_IMPORTER).find((name) => arrow.text === name || arrow.text.startsWith(`${name}/`));
      const mapperOfApp = binding === 'typeorm' && ['apps/gateway', 'apps/worker'].includes(packageOf(arrow.from));
      return binding !== undefined && !mapperOfApp && packageOf(arrow.from) !== ONLY_IMPORTER[binding];
    });
    expect(wrong.map((arrow) => `${arrow.from} -> ${arrow.text}`)).toEqual([]);
  });
});

describe('examples', () => {
  const programs = globSync('examples/**/*.ts', { cwd: ROOT });

  it('import only what somebody else has, too', () => {
    expect(programs.length).toBeGreaterThanOrEqual(8);
    // A starter is a folder that is copied whole: what is beside it comes along.
    const isBeside = ({ from, to, text }: Arrow) => text.startsWith('./') && dirname(from) !== 'examples' && dirname(from) === dirname(to);
    const wrong = readArrows(programs).filter((arrow) => !arrow.text.startsWith('node:') && !EXAMPLES_MAY_IMPORT.includes(arrow.text) && !isBeside(arrow));
    expect(wrong.map((arrow) => `${arrow.from} -> ${arrow.text}`)).toEqual([]);
  });

  it('are imported by nobody', () => expect(arrows.filter(({ to }) => to.startsWith('examples/')).map(({ from }) => from)).toEqual([]));
});

describe('stages of libs/pipeline', () => {
  const stageOf = (file: string) => file.match(/^libs\/pipeline\/src\/([^/]+)\//)?.[1];

  it('never import a sibling', () => {
    const wrong = arrows.filter((arrow) => {
      const [from, to] = [stageOf(arrow.from), stageOf(arrow.to)];
      return from && to && from !== to && !STAGE_MAY_IMPORT[from]?.includes(to);
    });
    expect(wrong.map((arrow) => `${arrow.from} -> ${arrow.to}`)).toEqual([]);
  });

  it('use models in detect and classify only', () => {
    const wrong = ours.filter((arrow) => arrow.text === '@argus/models' && arrow.from.startsWith('libs/pipeline/') && !STAGES_WITH_MODELS.includes(stageOf(arrow.from) ?? ''));
    expect(wrong.map((arrow) => arrow.from)).toEqual([]);
  });
});

describe('files', () => {
  it('form no circle', () => {
    const edges = new Map<string, Set<string>>(files.map((file) => [file, new Set()]));
    for (const arrow of arrows) if (arrow.text.startsWith('.')) edges.get(arrow.from)?.add(arrow.to);
    expect(circles(edges)).toEqual([]);
  });

  it('have at most 400 lines of code', () => {
    const long = files.map((file) => ({ file, lines: codeLines(readSource(file)) })).filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  it('are named in kebab-case', () => {
    expect(files.filter((file) => !/^[a-z0-9./-]+$/.test(file))).toEqual([]);
  });

  it('export by name, one by one', () => {
    const loose = files.filter((file) => /^export \*|^export default/m.test(readSource(file)));
    expect(loose).toEqual([]);
  });
});

describe('the check itself', () => {
  it('sees a real graph', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(ours.length).toBeGreaterThan(50);
  });

  it('finds a circle', () => {
    expect(circles(new Map([['a', new Set(['b'])], ['b', new Set(['c'])], ['c', new Set(['a'])], ['d', new Set(['a'])]]))).toEqual([['a', 'b', 'c']]);
  });
});

function codeLines(source: string): number {
  return source.split('\n').filter((line) => !/^\s*($|\/\/|\*|\/\*)/.test(line)).length;
}
