export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/y;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = { gauge: [''], counter: ['', '_total'], histogram: ['_bucket', '_sum', '_count'] };

/** A strict reader of the text format: throws at the first line that Prometheus would refuse or that breaks a rule of the format. */
export function readExposition(text: string, format: 'prometheus' | 'openmetrics' = 'prometheus'): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('expected a line feed at the end');
  const lines = text.slice(0, -1).split('\n');
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('expected # EOF as the last line');
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>();
  const series = new Set<string>();
  let name = '';
  let help = '';
  for (const line of lines) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment?.[1] === 'HELP') [name, help] = [comment[2] as string, comment[3] as string];
    else if (comment) {
      if (comment[2] !== name || !NAME.test(name)) throw new Error(`expected a TYPE right after its HELP: ${line}`);
      if (families.has(name)) throw new Error(`family ${name} comes twice`);
      if (!(comment[3]! in SUFFIXES)) throw new Error(`unknown type: ${line}`);
      families.set(name, { type: comment[3] as string, help, samples: [] });
    } else {
      const sample = readSample(line);
      const family = families.get(name);
      const endings = format === 'openmetrics' && family?.type === 'counter' ? ['_total'] : (SUFFIXES[family?.type ?? ''] ?? []);
      if (!family || !endings.some((ending) => sample.name === name + ending)) throw new Error(`sample outside of its family: ${line}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (series.has(key)) throw new Error(`series comes twice: ${line}`);
      series.add(key);
      if (family.type !== 'gauge' && !(sample.value >= 0)) throw new Error(`a ${family.type} cannot be below zero: ${line}`);
      family.samples.push(sample);
    }
  }
  for (const [family, { type, samples }] of families) {
    if (samples.length === 0) throw new Error(`family ${family} has no sample`);
    if (type === 'histogram') checkHistogram(family, samples);
  }
  return families;
}

function readSample(line: string): Sample {
  const [, name, inner = '', value] = SAMPLE.exec(line) ?? [];
  if (!name || value === undefined) throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inner.length) {
    const at = LABEL.lastIndex;
    const [, key, text = ''] = LABEL.exec(inner) ?? [];
    if (!key || key in labels) throw new Error(`bad or repeated label at ${at}: ${line}`);
    labels[key] = text.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
  }
  return { name, labels, value: value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value) };
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _le, ...own } = sample.labels;
    const key = JSON.stringify(own);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const [key, group] of groups) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => (labels['le'] === '+Inf' ? Infinity : Number(labels['le'])));
    if (bounds.some((bound, index) => !(bound > (bounds[index - 1] ?? -Infinity))) || bounds.at(-1) !== Infinity) throw new Error(`${name}${key}: buckets out of order or without +Inf`);
    if (buckets.some(({ value }, index) => value < (buckets[index - 1]?.value ?? 0))) throw new Error(`${name}${key}: buckets do not grow`);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    if (count !== buckets.at(-1)?.value || !group.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name}${key}: count, sum and +Inf do not fit`);
  }
}
