import type { Annotation } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { FileSink, FileTree } from '../file-tree.js';
import type { SampleSource } from '../sample-source.js';
import { LabelList, namedSamples, textBlocks } from './export-samples.js';
import { ImportProblems, type ReadOptions, shown } from './import-problems.js';
import { type ExportCount, type ImportedImage, leaveOut, NOTHING_OF_OURS } from './imported-image.js';
import { baseOf, folderOf, PICTURE } from './picture-finder.js';
import { type Sequence, sequencesOf } from './sequences.js';
import { splitOfPath } from './split-name.js';

/** MOT counts pixels from 1 as it counts frames (base 1); many programs that read it do not take that off (base 0). */
export interface MotOptions {
  readonly base?: 0 | 1;
  readonly pictures?: boolean;
  readonly labels?: readonly string[];
  readonly frameRate?: number;
}

/** What the numbers of classes mean in MOTChallenge where no gt/labels.txt says otherwise. */
const CLASSES = ['pedestrian', 'person on vehicle', 'car', 'bicycle', 'motorbike', 'non motorized vehicle', 'static person', 'distractor', 'occluder', 'occluder on the ground', 'occluder full', 'reflection', 'crowd'];

/** MOT: a folder for each video with img1/, gt/gt.txt, gt/labels.txt and seqinfo.ini. Keeps boxes, tracks and classes. */
export async function writeMot(source: SampleSource, sink: FileSink, options: MotOptions = {}): Promise<ExportCount> {
  const { base = 1, frameRate = 25 } = options;
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  const labels = new LabelList(options.labels);
  const { sequences, placeOf } = await sequencesOf(source);
  const rows = new Map<Sequence, string[][]>();
  const tracks = new Map<Sequence, TrackNumbers>();
  for await (const { sample, file } of namedSamples(source)) {
    const { sequence, frame } = placeOf(sample.sha256);
    if (options.pictures !== false) await sink.write(`${sequence.name}/img1/${String(frame + 1).padStart(6, '0')}${/\.[^.]+$/.exec(file)![0]}`, () => source.read(sample.sha256));
    if (!rows.has(sequence)) rows.set(sequence, []);
    if (!tracks.has(sequence)) tracks.set(sequence, new TrackNumbers());
    rows.get(sequence)![frame] = sample.annotations.filter(({ track }) => !track?.outside).map((annotation) => {
      const { box, kind, occluded, label, track } = annotation;
      if (kind !== 'box' && kind !== 'ignore') leaveOut(count, 'outlines, masks and key points (their boxes are kept)');
      count.annotations += 1;
      const kindNumber = labels.add(label || (kind === 'ignore' ? 'ignore' : 'unnamed')) + 1;
      const id = track ? tracks.get(sequence)!.of(track.id) : -1;
      return `${frame + 1},${id},${box.x + base},${box.y + base},${box.width},${box.height},${kind === 'ignore' ? 0 : 1},${kindNumber},${occluded ? 0 : 1}\n`;
    });
    const outside = sample.annotations.filter(({ track }) => track?.outside).length;
    if (outside > 0) leaveOut(count, 'places of tracks that are out of sight', outside);
    count.images += 1;
  }
  for (const sequence of sequences) {
    const { name, frames, width, height } = sequence;
    await sink.write(`${name}/gt/gt.txt`, textBlocks(flat(rows.get(sequence)!)));
    await sink.write(`${name}/gt/labels.txt`, Buffer.from(labels.names.map((label) => `${label.replaceAll(/[\r\n]/g, ' ')}\n`).join('')));
    await sink.write(`${name}/seqinfo.ini`, Buffer.from(`[Sequence]\nname=${name}\nimDir=img1\nframeRate=${frameRate}\nseqLength=${frames.length}\nimWidth=${width}\nimHeight=${height}\nimExt=.jpg\npixelBase=${base}\n`));
  }
  return count;
}

async function* flat(rows: readonly (readonly string[])[]): AsyncIterable<string> {
  for (const frame of rows) yield (frame ?? []).join('');
}

/** Whole numbers for tracks; those that are one keep it. */
class TrackNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #taken = new Set<number>();

  of(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    let number = /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 1;
    while (this.#taken.has(number)) number += 1;
    this.#taken.add(number);
    this.#numbers.set(id, number);
    return number;
  }
}

export async function motFiles(tree: FileTree): Promise<string[]> {
  const files: string[] = [];
  for await (const { path } of tree.files()) if (/(^|\/)gt\/gt\.txt$/i.test(path)) files.push(path);
  return files;
}

export interface MotReadOptions extends ReadOptions {
  /** Of sequences that do not say so themselves; ours do. */
  readonly base?: 0 | 1;
}

export async function* readMot(tree: FileTree, options: MotReadOptions = {}): AsyncIterable<ImportedImage> {
  const problems = options.problems ?? new ImportProblems();
  const files = await motFiles(tree);
  if (files.length === 0) throw new DatasetFileError('expected gt/gt.txt (MOT), found none', {});
  for (const file of files) yield* readSequence(tree, file, options, problems);
}

async function* readSequence(tree: FileTree, file: string, options: MotReadOptions, problems: ImportProblems): AsyncIterable<ImportedImage> {
  const root = folderOf(folderOf(file));
  const within = (path: string) => (root ? `${root}/${path}` : path);
  const text = async (path: string) => ((await tree.has(path)) ? Buffer.from(await tree.read(path, 256 * 2 ** 20)).toString('utf8').replace(/^\ufeff/, '') : '');
  const info = new Map([...(await text(within('seqinfo.ini'))).matchAll(/^\s*(\w+)\s*=\s*(.*?)\s*$/gm)].map((found) => [found[1]!.toLowerCase(), found[2]!]));
  const own = (await text(within('gt/labels.txt'))).split(/\r?\n/).filter((line) => line !== '');
  const base = info.has('pixelbase') ? (info.get('pixelbase') === '0' ? 0 : 1) : (options.base ?? 1);
  const frames = framesOf(await text(file), file, own.length > 0 ? own : CLASSES, base, problems);
  const pictures = await picturesBelow(tree, within(info.get('imdir') ?? 'img1'));
  const [width, height] = [Number(info.get('imwidth')), Number(info.get('imheight'))];
  const size = width > 0 && height > 0 ? { width, height } : null;
  const last = Math.min(Number(info.get('seqlength') ?? 0) || 0, 10_000_000);
  const numbers = new Set([...pictures.keys(), ...frames.keys(), ...(pictures.size === 0 ? Array.from({ length: last }, (_, i) => i + 1) : [])]);
  const group = root ? baseOf(root) : (info.get('name') ?? '');
  for (const frame of [...numbers].sort((a, b) => a - b)) {
    const path = pictures.get(frame) ?? null;
    if (!path) problems.add(file, `frame ${frame}`, 'the picture is not there');
    const origin = { cameraId: null, group, video: null, frameIndex: frame - 1, ptsUs: null, wallTime: null, timeZone: null, tzVersion: null };
    yield { path, name: path ? baseOf(path) : `${String(frame).padStart(6, '0')}.jpg`, size, split: splitOfPath(`${root}/`), group, annotations: frames.get(frame) ?? [], attributes: {}, ours: { ...NOTHING_OF_OURS, origin } };
  }
}

function framesOf(text: string, file: string, classes: readonly string[], base: 0 | 1, problems: ImportProblems): Map<number, Annotation[]> {
  const frames = new Map<number, Annotation[]>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const fields = line.trim().split(',').map((field) => (field.trim() === '' ? Number.NaN : Number(field)));
    const [frame, id, x, y, width, height, active = 1, kind = 1, visibility = 1] = fields as [number, number, number, number, number, number, number?, number?, number?];
    if (fields.length < 6 || !fields.slice(0, 6).every(Number.isFinite) || !Number.isInteger(frame) || frame < 1 || width < 0 || height < 0) {
      problems.add(file, `line ${i + 1}`, `expected frame,id,left,top,width,height,… with frames from 1, found ${shown(line.trim())}`);
      continue;
    }
    // Results of trackers have -1 where a class would be.
    const label = kind < 1 ? classes[0]! : (classes[kind - 1] ?? `class-${kind}`);
    const ignored = active === 0;
    const list = frames.get(frame) ?? [];
    frames.set(frame, list);
    list.push({
      id: id >= 0 ? `${id}-${frame}` : `line-${i + 1}`, kind: ignored ? 'ignore' : 'box', label: ignored && label === 'ignore' ? '' : label, box: { x: x - base, y: y - base, width, height }, points: null, runs: null,
      track: id >= 0 ? { id: String(id), keyframe: true, outside: false } : null, occluded: visibility >= 0 && visibility < 0.5, score: null, model: null, state: 'edited',
      attributes: visibility > 0 && visibility < 1 ? { visibility } : {},
    });
  }
  return frames;
}

async function picturesBelow(tree: FileTree, folder: string): Promise<Map<number, string>> {
  const pictures = new Map<number, string>();
  for await (const { path } of tree.files()) {
    const number = PICTURE.test(path) && folderOf(path) === folder ? /(\d+)\.\w+$/.exec(path)?.[1] : undefined;
    if (number !== undefined) pictures.set(Number(number), path);
  }
  return pictures;
}
