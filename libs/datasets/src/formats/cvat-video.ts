import type { Annotation } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { FileSink, FileTree } from '../file-tree.js';
import type { SampleSource } from '../sample-source.js';
import { cvatFiles, cvatLabels, cvatMeta, type CvatOptions, sizeOf } from './cvat-images.js';
import { cvatLabel, cvatShape, type PictureSize, readCvatShape, tryJson } from './cvat-shape.js';
import { namedSamples, textBlocks } from './export-samples.js';
import { ImportProblems, type ReadOptions, shown } from './import-problems.js';
import { type ExportCount, type ImportedImage, NOTHING_OF_OURS } from './imported-image.js';
import { isObject, type JsonObject, OURS } from './our-fields.js';
import { baseOf, folderOf, PICTURE } from './picture-finder.js';
import { type Sequence, sequencesOf } from './sequences.js';
import { childText, type XmlElement, type XmlNode, xmlElements } from './xml-elements.js';
import { xmlAttributes } from './xml-text.js';

const frameName = (frame: number) => `frame_${String(frame).padStart(6, '0')}`;

/**
 * CVAT for video 1.1: a folder with annotations.xml and images/ for each video of the set. What has no track becomes one of a single
 * frame. Kept are annotations with all that belongs to them; lost is what belongs to pictures. Keeps the shapes of a video in memory.
 */
export async function writeCvatVideo(source: SampleSource, sink: FileSink, options: CvatOptions = {}): Promise<ExportCount> {
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  const labels = await cvatLabels(source, options.labels);
  const { sequences, placeOf } = await sequencesOf(source);
  const tracks = new Map<Sequence, Map<string, { label: string; shapes: { frame: number; annotation: Annotation; size: PictureSize }[] }>>();
  for await (const { sample, file } of namedSamples(source)) {
    const { sequence, frame } = placeOf(sample.sha256);
    const ending = /\.[^.]+$/.exec(file)![0];
    if (options.pictures !== false) await sink.write(`${sequence.name}/images/${frameName(frame)}${ending}`, () => source.read(sample.sha256));
    count.images += 1;
    const own = tracks.get(sequence) ?? new Map();
    tracks.set(sequence, own);
    for (const annotation of sample.annotations) {
      // A track has one label: whoever changes it on the way is a second one.
      const key = annotation.track ? `t ${annotation.track.id} ${cvatLabel(annotation)}` : `a ${sample.sha256} ${annotation.id}`;
      const track = own.get(key) ?? { label: cvatLabel(annotation), shapes: [] };
      track.shapes.push({ frame, annotation, size: sample });
      own.set(key, track);
      count.annotations += 1;
    }
  }
  for (const sequence of sequences) {
    await sink.write(`${sequence.name}/annotations.xml`, textBlocks(videoText(sequence, labels, [...tracks.get(sequence)!.values()])));
  }
  return count;
}

async function* videoText(sequence: Sequence, labels: Parameters<typeof cvatMeta>[1], tracks: readonly { label: string; shapes: { frame: number; annotation: Annotation; size: PictureSize }[] }[]): AsyncIterable<string> {
  const meta = cvatMeta(sequence.name, labels, sequence.frames.length, 'interpolation');
  yield `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n${meta.replace('    </task>', `      <original_size><width>${sequence.width}</width><height>${sequence.height}</height></original_size>\n    </task>`)}`;
  for (const [id, { label, shapes }] of tracks.entries()) {
    shapes.sort((a, b) => a.frame - b.frame);
    yield `  <track${xmlAttributes({ id, label, source: 'manual' })}>\n`;
    for (const [i, { frame, annotation, size }] of shapes.entries()) {
      const { track } = annotation;
      yield cvatShape(annotation, size, { frame, keyframe: track && !track.keyframe ? 0 : 1, outside: track?.outside ? 1 : 0 }, false);
      // A thing of one frame ends behind it; CVAT would show it to the end otherwise.
      if (!track && i === shapes.length - 1 && frame + 1 < sequence.frames.length) yield ended(annotation, frame + 1);
    }
    yield '  </track>\n';
  }
  yield '</annotations>\n';
}

function ended({ box }: Annotation, frame: number): string {
  return `    <box${xmlAttributes({ frame, keyframe: 1, outside: 1, occluded: 0, xtl: box.x, ytl: box.y, xbr: box.x + box.width, ybr: box.y + box.height, z_order: 0 })}>\n      <attribute name="argus-end">1</attribute>\n    </box>\n`;
}

/** Pictures are matched by the number in frame_000000.jpg, else by their order; without any, the frames are given without a path. */
export async function* readCvatVideo(tree: FileTree, options: ReadOptions = {}): AsyncIterable<ImportedImage> {
  const problems = options.problems ?? new ImportProblems();
  const files = await cvatFiles(tree, 'track');
  if (files.length === 0) throw new DatasetFileError('expected an XML file of <annotations> with <track> (CVAT for video 1.1), found none', {});
  for (const file of files) yield* readVideo(tree, file, problems);
}

async function* readVideo(tree: FileTree, file: string, problems: ImportProblems): AsyncIterable<ImportedImage> {
  const frames = new Map<number, Annotation[]>();
  let size: PictureSize | null = null;
  let [group, length] = [folderOf(file), 0];
  for await (const element of xmlElements(tree, file, 'annotations')) {
    if (element.name === 'meta') {
      const task = element.children.find(({ name }) => name === 'task' || name === 'job') ?? element;
      const original = task.children.find(({ name }) => name === 'original_size');
      size = original ? sizeOf(childText(original, 'width'), childText(original, 'height')) : null;
      length = Number(childText(task, 'size') ?? 0) || 0;
      group = folderOf(file) || (childText(task, 'name') ?? '');
    } else if (element.name === 'track') readTrack(element, size, file, frames, problems);
  }
  const pictures = await picturesOf(tree, file);
  // Frames without anything in them are pictures too.
  const numbers = pictures.size > 0 ? [...pictures.keys()] : Array.from({ length: Math.min(length, 10_000_000) }, (_, i) => i);
  const all = [...new Set([...numbers, ...frames.keys()])].sort((a, b) => a - b);
  if (pictures.size === 0 && all.length > 0) problems.add(file, 'images', 'the pictures are not there; expected images/frame_000000.jpg and so on beside this file');
  for (const frame of all) {
    const path = pictures.get(frame) ?? null;
    if (!path && pictures.size > 0) problems.add(file, `frame ${frame}`, 'the picture is not there');
    yield { path, name: path ? baseOf(path) : frameName(frame), size, split: null, group, annotations: frames.get(frame) ?? [], attributes: {}, ours: { ...NOTHING_OF_OURS, origin: originOf(group, frame) } };
  }
}

const originOf = (group: string, frameIndex: number) => ({ cameraId: null, group: group.slice(0, 300), video: null, frameIndex, ptsUs: null, wallTime: null, timeZone: null, tzVersion: null });

function readTrack(element: XmlElement, size: PictureSize | null, file: string, frames: Map<number, Annotation[]>, problems: ImportProblems): void {
  const { id = '', label, source, group_id: group } = element.attributes;
  const inherited = { ...(label === undefined ? {} : { label }), ...(source === undefined ? {} : { source }), ...(group === undefined ? {} : { group_id: group }) };
  for (const [i, node] of element.children.entries()) {
    if (isEnd(node)) continue;
    const at = `line ${element.line}, <track> ${id}, <${node.name}> ${i + 1}`;
    const frame = Number(node.attributes.frame ?? 'none');
    if (!Number.isInteger(frame) || frame < 0) {
      problems.add(file, at, `frame: expected a number from 0, found ${shown(node.attributes.frame)}`);
      continue;
    }
    const annotation = readCvatShape(node, size, file, at, problems, inherited);
    if (!annotation) continue;
    // Ours says whether it was a track at all; keyframe and outside are those of CVAT.
    const rest = restIn(node);
    const track = rest && !('track' in rest) ? null : { id: annotation.track?.id ?? id, keyframe: node.attributes.keyframe === '1', outside: node.attributes.outside === '1' };
    const list = frames.get(frame) ?? [];
    list.push({ ...annotation, track, id: rest ? annotation.id : `${id}-${frame}` });
    frames.set(frame, list);
  }
}

const isEnd = (node: XmlNode) => node.children.some((child) => child.attributes.name === 'argus-end') && node.attributes.outside === '1';

/** What was kept for us, if it is one of ours at all. */
function restIn(node: XmlNode): JsonObject | null {
  const json = tryJson(node.children.find((child) => child.attributes.name === OURS)?.text ?? 'null');
  return isObject(json) && typeof json.id === 'string' ? (json as JsonObject) : null;
}

async function picturesOf(tree: FileTree, file: string): Promise<Map<number, string>> {
  const above = folderOf(file);
  const paths: string[] = [];
  for await (const { path } of tree.files()) if (PICTURE.test(path) && (above === '' || path.startsWith(`${above}/`))) paths.push(path);
  paths.sort();
  const numbered = paths.map((path) => /(?:^|\/)frame_(\d+)\.\w+$/i.exec(path)?.[1]);
  return new Map(paths.map((path, i) => [numbered.includes(undefined) ? i : Number(numbered[i]), path]));
}
