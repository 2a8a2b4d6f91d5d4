import type { Histogram } from '@argus/kernel';
import { METRICS, type MetricName, type MetricSpec } from './metric-catalogue.js';

export type LabelValues = Readonly<Record<string, string>>;

/** The two text formats that Prometheus reads. They differ in names of counters in the comments and in the last line. */
export const FORMATS = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const;
export type MetricsFormat = keyof typeof FORMATS;

/** Prometheus asks for OpenMetrics by name; everybody else gets the older format. */
export const formatFor = (accept: string | undefined): MetricsFormat => (/application\/openmetrics-text/i.test(accept ?? '') ? 'openmetrics' : 'prometheus');

/** Gathers samples and writes them family by family. A series that is added twice keeps its last value: no scrape may hold one twice. */
export class MetricsText {
  readonly #families = new Map<MetricName, Map<string, number>>();

  /** null and undefined: there is no such figure now, and no line. */
  add(name: MetricName, value: number | boolean | null | undefined, labels: LabelValues = {}): void {
    if (value !== null && value !== undefined) this.#put(name, `${name}${labelsText(labels)}`, Number(value));
  }

  /** One series of each of `names`: 1 for the one that holds, 0 for the others. */
  addState(name: MetricName, label: string, names: readonly string[], current: string, labels: LabelValues = {}): void {
    for (const one of names) this.add(name, one === current, { ...labels, [label]: one });
  }

  addHistogram(name: MetricName, histogram: Histogram, labels: LabelValues = {}): void {
    const counts = histogram.cumulative();
    for (const [index, bound] of histogram.bounds.entries()) this.#put(name, `${name}_bucket${labelsText({ ...labels, le: floatText(bound) })}`, counts[index] ?? 0);
    this.#put(name, `${name}_bucket${labelsText({ ...labels, le: '+Inf' })}`, histogram.count);
    this.#put(name, `${name}_sum${labelsText(labels)}`, histogram.sum);
    this.#put(name, `${name}_count${labelsText(labels)}`, histogram.count);
  }

  render(format: MetricsFormat): string {
    const lines: string[] = [];
    for (const [name, spec] of Object.entries(METRICS) as [MetricName, MetricSpec][]) {
      const samples = this.#families.get(name);
      if (!samples) continue;
      const family = format === 'openmetrics' && spec.type === 'counter' ? name.replace(/_total$/, '') : name;
      lines.push(`# HELP ${family} ${escapeHelp(spec.help, format)}`, `# TYPE ${family} ${spec.type}`);
      for (const [series, value] of samples) lines.push(`${series} ${numberText(value)}`);
    }
    if (format === 'openmetrics') lines.push('# EOF');
    return `${lines.join('\n')}\n`;
  }

  #put(name: MetricName, series: string, value: number): void {
    const samples = this.#families.get(name);
    if (samples) samples.set(series, value);
    else this.#families.set(name, new Map([[series, value]]));
  }
}

function labelsText(labels: LabelValues): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** A camera's name may hold anything that a person can type. */
const escapeValue = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
const escapeHelp = (text: string, format: MetricsFormat): string => {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
};
const floatText = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
const numberText = (value: number): string => (Number.isNaN(value) ? 'NaN' : value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value));
