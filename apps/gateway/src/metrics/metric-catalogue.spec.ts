import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRICS, type MetricSpec } from './metric-catalogue.js';

const read = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const ALL: [string, MetricSpec][] = Object.entries(METRICS);
/** Names under which a figure can be asked for: a histogram has three and none of its own. */
const SERIES = new Set(ALL.flatMap(([name, { type }]) => (type === 'histogram' ? ['_bucket', '_sum', '_count'].map((ending) => name + ending) : [name])));
const namesIn = (text: string): string[] => text.match(/\b(?:argus|process|nodejs)_[a-z0-9_]+/g) ?? [];
/** `{label="…"}`, `{label=~"…"}`, `by (label, label)` and `on (label)` of a query. */
const labelsIn = (query: string): string[] => [...query.matchAll(/([a-z]+)\s*(?:=~|!~|!=|=)\s*"/g), ...query.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].flatMap((match) => (match[1] ?? '').split(',').map((label) => label.trim()));

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const board = JSON.parse(read('deploy/grafana/argus.json')) as { panels: Panel[]; templating: { list: { definition?: string }[] } };
const queries = board.panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));
const alerts = [...read('deploy/prometheus/argus-alerts.yml').matchAll(/alert: (\w+)\s+expr: (.+)/g)].map(([, name = '', expr = '']) => ({ name, expr }));

describe('the board', () => {
  it('shows something', () => expect([queries.length, new Set(board.panels.map(({ title }) => title)).size]).toEqual([expect.toSatisfy((count: number) => count > 30), board.panels.length]));

  it.each(queries)('asks for figures that there are: $title, $expr', ({ expr, legendFormat }) => {
    const names = namesIn(expr);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !SERIES.has(name))).toEqual([]);
    const known = new Set(['le', ...names.flatMap((name) => [...METRICS[name.replace(/_(bucket|sum|count)$/, '') as keyof typeof METRICS].labels])]);
    const used = [...labelsIn(expr), ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '')];
    expect(used.filter((label) => !known.has(label))).toEqual([]);
  });

  it('lets people choose cameras by a label that there is', () => {
    for (const { definition } of board.templating.list) if (definition) expect(namesIn(definition).every((name) => SERIES.has(name))).toBe(true);
  });
});

describe('the alerts', () => {
  it.each(alerts)('$name asks for figures that there are', ({ expr }) => {
    expect(namesIn(expr).length).toBeGreaterThan(0);
    expect(namesIn(expr).filter((name) => !SERIES.has(name))).toEqual([]);
  });

  it('are all explained', () => {
    expect(alerts.length).toBeGreaterThan(5);
    const guide = read('docs/guide/metrics.md');
    expect(alerts.filter(({ name }) => !guide.includes(name))).toEqual([]);
  });
});

describe('the guide', () => {
  const guide = read('docs/guide/metrics.md');
  it('lists every figure with its type, labels and meaning', () => {
    const rows = ALL.map(([name, { type, labels, help }]) => `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(' ')} | ${help.replace(/\.$/, '')} |`);
    expect(rows.filter((row) => !guide.includes(row))).toEqual([]);
    expect([...guide.matchAll(/^\| `(\w+)` \| (?:counter|gauge|histogram) /gm)].length).toBe(ALL.length);
  });

  it('names no other', () => expect(namesIn(guide).filter((name) => !SERIES.has(name) && !(name in METRICS))).toEqual([]));
});
