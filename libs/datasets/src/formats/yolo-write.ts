import type { Annotation, Sample } from '@argus/contracts';
import type { FileSink } from '../file-tree.js';
import type { SampleSource } from '../sample-source.js';
import { stemOf } from './export-names.js';
import { LabelList, namedSamples } from './export-samples.js';
import { type ExportCount, leaveOut } from './imported-image.js';
import { isCornerList } from './outline.js';

export interface YoloOptions {
  /** detect: boxes, of everything. segment: outlines; boxes become outlines of four corners. */
  readonly task?: 'detect' | 'segment';
  /** Where pictures without a split go. */
  readonly unassigned?: 'train' | 'val' | 'test';
  readonly names?: 'list' | 'dict';
  readonly pictures?: boolean;
  readonly labels?: readonly string[];
}

/** YOLO: images/<split>/, labels/<split>/ and data.yaml. Keeps classes, boxes and outlines; what it loses is counted. */
export async function writeYolo(source: SampleSource, sink: FileSink, options: YoloOptions = {}): Promise<ExportCount> {
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  const labels = new LabelList(options.labels);
  const splits = new Set<string>();
  for await (const { sample, file } of namedSamples(source)) {
    const split = sample.split ?? options.unassigned ?? 'train';
    splits.add(split);
    let lines = '';
    for (const annotation of sample.annotations) {
      if (annotation.kind === 'ignore') {
        leaveOut(count, 'regions to ignore');
        continue;
      }
      if (annotation.kind === 'points') leaveOut(count, 'key points (their box is kept)');
      if (annotation.kind === 'mask') leaveOut(count, 'masks (their box is kept)');
      if (annotation.track) leaveOut(count, 'tracks (their boxes are kept)');
      lines += `${labels.add(annotation.label)} ${placeOf(annotation, sample, options.task ?? 'detect').map(digits).join(' ')}\n`;
      count.annotations += 1;
    }
    if (options.pictures !== false) await sink.write(`images/${split}/${file}`, () => source.read(sample.sha256));
    await sink.write(`labels/${split}/${stemOf(file)}.txt`, Buffer.from(lines));
    count.images += 1;
  }
  const paths = (['train', 'val', 'test'] as const).map((split) => (splits.has(split) ? `${split}: images/${split}\n` : split === 'test' ? '' : `${split}: ${splits.has('train') ? 'images/train' : [...splits].map((one) => `images/${one}`)[0] ?? ''}\n`));
  const names = options.names === 'list' ? `names: [${labels.names.map((name) => JSON.stringify(name)).join(', ')}]\n` : `names:\n${labels.names.map((name, i) => `  ${i}: ${JSON.stringify(name)}\n`).join('')}`;
  await sink.write('data.yaml', Buffer.from(`path: .\n${paths.join('')}nc: ${labels.names.length}\n${names}`));
  return count;
}

function placeOf({ kind, box, points }: Annotation, { width, height }: Pick<Sample, 'width' | 'height'>, task: 'detect' | 'segment'): number[] {
  if (task === 'detect') return [(box.x + box.width / 2) / width, (box.y + box.height / 2) / height, box.width / width, box.height / height];
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const corners = kind === 'polygon' && isCornerList(points) ? points : [box.x, box.y, right, box.y, right, bottom, box.x, bottom];
  return corners.map((value, i) => value / (i % 2 === 0 ? width : height));
}

/** Twelve significant digits: at 8K that is a hundred-millionth of a pixel. Never with an exponent, which some readers do not know. */
function digits(value: number): string {
  const text = value.toPrecision(12);
  if (text.includes('e')) return value.toFixed(18).replace(/\.?0+$/, '') || '0';
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
