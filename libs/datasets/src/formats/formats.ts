import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { cocoFiles, readCoco } from './coco-read.js';
import { cvatFiles, readCvatImages } from './cvat-images.js';
import { readCvatVideo } from './cvat-video.js';
import { datumaroFiles, readDatumaro } from './datumaro.js';
import { readClassFolders, readFolders } from './folders.js';
import type { ReadOptions } from './import-problems.js';
import type { ImportedImage } from './imported-image.js';
import { motFiles, readMot } from './mot.js';
import { baseOf, folderOf, PICTURE } from './picture-finder.js';
import { splitNamed } from './split-name.js';
import { readVoc } from './voc.js';
import { readWebDataset } from './webdataset.js';
import { xmlRoot } from './xml-elements.js';
import { readYolo } from './yolo-read.js';

/** Formats of others, by the name that an import is asked for. */
export const FORMATS: Readonly<Record<ForeignFormat, (tree: FileTree, options?: ReadOptions) => AsyncIterable<ImportedImage>>> = {
  coco: readCoco, 'cvat-images': readCvatImages, 'cvat-video': readCvatVideo, datumaro: readDatumaro, voc: readVoc, mot: readMot,
  yolo: readYolo, webdataset: readWebDataset, imagenet: readClassFolders, folders: readFolders,
};
export const FOREIGN_FORMATS = ['coco', 'cvat-images', 'cvat-video', 'datumaro', 'voc', 'mot', 'yolo', 'webdataset', 'imagenet', 'folders'] as const;
export type ForeignFormat = (typeof FOREIGN_FORMATS)[number];
/** Sets and matrices of our own are opened by their packages. */
export type SetFormat = ForeignFormat | 'imgdataset' | 'imgmat';

export interface Detected {
  readonly format: SetFormat;
  /** The file or circumstance that tells. */
  readonly evidence: string;
}

interface Survey {
  readonly endings: Map<string, number>;
  readonly names: string[];
  files: number;
  pictures: number;
  /** Pictures with a text of the same name beside them or in labels/. */
  xml: string | null;
  texts: string[];
  manifest: string | null;
  folders: Set<string>;
}

/** Which format a tree is in, by looking at it. Throws DatasetFileError, with what was found and what would fit, where it is none. */
export async function detectFormat(tree: FileTree): Promise<Detected> {
  const survey = await look(tree);
  const ours = survey.manifest ? await ourKind(tree, survey.manifest) : null;
  if (ours) return { format: ours, evidence: survey.manifest! };
  const mot = await motFiles(tree);
  if (mot[0]) return { format: 'mot', evidence: mot[0] };
  if (survey.xml) {
    const video = await cvatFiles(tree, 'track');
    if (video[0]) return { format: 'cvat-video', evidence: video[0] };
    const images = await cvatFiles(tree, 'image');
    if (images[0]) return { format: 'cvat-images', evidence: images[0] };
    for await (const { path } of tree.files()) if (/\.xml$/i.test(path) && (await xmlRoot(tree, path)) === 'annotation') return { format: 'voc', evidence: path };
  }
  // A .json beside each picture is WebDataset, and need not be opened.
  const pair = await jsonPair(tree);
  if (pair) return { format: 'webdataset', evidence: pair };
  if ((survey.endings.get('json') ?? 0) > 0) {
    const coco = await cocoFiles(tree);
    if (coco[0]) return { format: 'coco', evidence: coco[0] };
    const datumaro = await datumaroFiles(tree);
    if (datumaro[0]) return { format: 'datumaro', evidence: datumaro[0] };
  }
  const cls = survey.names.find((name) => /\.cls$/i.test(name));
  if (cls && survey.pictures > 0) return { format: 'webdataset', evidence: cls };
  const labels = survey.pictures > 0 ? await yoloEvidence(tree, survey) : null;
  if (labels) return { format: 'yolo', evidence: labels };
  if (survey.pictures === 0) throw new DatasetFileError(nothingFits(survey), { files: survey.files });
  const split = [...survey.folders].find((folder) => folder.includes('/') && splitNamed(folder.split('/').at(-2)!));
  return split ? { format: 'imagenet', evidence: split } : { format: 'folders', evidence: `${survey.pictures} pictures in ${survey.folders.size} folders, no labels` };
}

async function look(tree: FileTree): Promise<Survey> {
  const survey: Survey = { endings: new Map(), names: [], files: 0, pictures: 0, xml: null, texts: [], manifest: null, folders: new Set() };
  for await (const { path } of tree.files()) {
    const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
    survey.endings.set(ending, (survey.endings.get(ending) ?? 0) + 1);
    survey.files += 1;
    if (survey.names.length < 1_000) survey.names.push(path);
    if (PICTURE.test(path)) {
      survey.pictures += 1;
      survey.folders.add(folderOf(path));
    }
    if (ending === 'xml') survey.xml ??= path;
    if ((ending === 'txt' || ending === 'yaml' || ending === 'yml' || ending === 'names') && survey.texts.length < 1_000) survey.texts.push(path);
    // One folder around everything is what packers of folders make.
    if (baseOf(path) === 'manifest.json' && path.split('/').length <= 2) survey.manifest ??= path;
  }
  return survey;
}

async function ourKind(tree: FileTree, path: string): Promise<'imgdataset' | 'imgmat' | null> {
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(Buffer.from(await tree.read(path, 256 * 2 ** 20)).toString('utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
  const root = folderOf(path);
  const has = (name: string) => tree.has(root ? `${root}/${name}` : name);
  if (Array.isArray(said.sets) || (await has('sets.parquet'))) return 'imgmat';
  return (await has('images.parquet')) || said.kind === 'imgdataset' ? 'imgdataset' : null;
}

async function jsonPair(tree: FileTree): Promise<string | null> {
  let looked = 0;
  for await (const { path } of tree.files()) {
    if (!PICTURE.test(path)) continue;
    const beside = path.replace(/\.[^.]+$/, '.json');
    if (await tree.has(beside)) return beside;
    looked += 1;
    if (looked > 100) return null;
  }
  return null;
}

async function yoloEvidence(tree: FileTree, survey: Survey): Promise<string | null> {
  for (const path of survey.texts) {
    if (/(^|\/)(data|dataset)\.ya?ml$/i.test(path)) return path;
    if (/(^|\/)labels\/.*\.txt$/i.test(path) || /(^|\/)obj\.names$/i.test(path)) return path;
    if (!/\.txt$/i.test(path)) continue;
    const stem = path.replace(/\.txt$/i, '');
    for (const ending of ['.jpg', '.jpeg', '.png', '.webp', '.bmp', '.JPG', '.PNG']) if (await tree.has(stem + ending)) return path;
  }
  return null;
}

function nothingFits(survey: Survey): string {
  const kinds = [...survey.endings].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([ending, many]) => `${many} x ${ending === '' ? 'without ending' : `.${ending}`}`).join(', ');
  const found = survey.files === 0 ? 'no file at all' : `${survey.files} files (${kinds}), such as ${survey.names.slice(0, 3).join(', ')}`;
  return `no format fits: found ${found}; expected .imgdataset or .imgmat (manifest.json), COCO or Datumaro (.json with "images" or "items"), CVAT or Pascal VOC (.xml), MOT (gt/gt.txt), YOLO (pictures with .txt), WebDataset (.tar of pictures and .json, or a zip of such .tar), or pictures in folders`;
}
