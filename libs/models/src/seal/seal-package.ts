import { readFile, writeFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelManifest, TextEncoder } from '@argus/contracts';
import { ModelPackageError } from '../errors.js';
import { parseJson, parseManifest } from '../package/check-manifest.js';
import { MANIFEST_FILE, PACKAGE_LIMITS } from '../package/package-limits.js';
import { readFolder } from '../package/read-folder.js';
import { readGolden } from '../package/golden.js';
import { readModelPackage, sha256 } from '../package/read-model-package.js';
import type { ModelPackage } from '../package/model-package.js';
import { textFilesOf } from '../package/text-part.js';
import { openModel } from '../runtime/model-session.js';
import { openTextEmbedder } from '../runtime/text-embedder.js';
import { writeNpy } from '../tensor/npy.js';
import { testPicture } from './test-picture.js';

/** Largest difference between machines that is still the same answer: other CPUs add in another order. */
const TOLERANCE = 0.005;
const GOLDEN_INPUT = 'golden/input.npy';
/** For text encoders that name none: in two scripts, so that a tokenizer without one of them shows. */
const GOLDEN_TEXTS = ['a person at night', '夜里的红色汽车'];

/**
 * Completes a folder with manifest.json and model.onnx to a package: runs the model on the golden inputs that the manifest names
 * (or on a made picture when it names none), writes the outputs, and writes the sha256 of every file into the manifest.
 * The same folder sealed again on the same machine gives the same bytes. Throws what readModelPackage and openModel throw.
 */
export async function sealPackage(path: string): Promise<ModelPackage> {
  const draft = await readDraft(path);
  const golden = draft.golden.length > 0 ? draft.golden : [{ input: GOLDEN_INPUT, outputs: [], tolerance: TOLERANCE }];
  if (draft.golden.length === 0) await writeInside(path, GOLDEN_INPUT, writeNpy(testPicture(draft.input)));
  const named = golden.map((sample) => ({ ...sample, outputs: draft.outputs.map((name) => outputFile(sample.input, name)) }));
  await writeGolden(path, { ...draft, golden: named });
  const text = draft.text && (await writeGoldenTexts(path, { ...draft, text: draft.text }));
  const files: Record<string, string> = {};
  for (const [name, bytes] of await readFolder(path, PACKAGE_LIMITS)) if (name !== MANIFEST_FILE) files[name] = sha256(bytes);
  await writeInside(path, MANIFEST_FILE, Buffer.from(`${JSON.stringify({ ...draft, golden: named, ...(text ? { text } : {}), files }, null, 2)}\n`));
  return readModelPackage(path);
}

/** A manifest whose golden tensors and digests may still be missing. */
async function readDraft(path: string): Promise<ModelManifest> {
  const names = await readdir(path);
  if (!names.includes(MANIFEST_FILE)) throw new ModelPackageError(path, MANIFEST_FILE, 'a manifest to complete', 'no such file');
  const json = parseJson(path, await readFile(join(path, MANIFEST_FILE)));
  const given = json !== null && typeof json === 'object' ? json : {};
  const hasGolden = 'golden' in given && Array.isArray(given.golden) && given.golden.length > 0;
  const placeholder = { input: GOLDEN_INPUT, outputs: [GOLDEN_INPUT], tolerance: TOLERANCE };
  const golden = hasGolden ? (given.golden as object[]).map((sample) => ({ ...placeholder, ...sample })) : [placeholder];
  const draft = parseManifest(path, Buffer.from(JSON.stringify({ ...given, files: {}, golden })));
  return hasGolden ? draft : { ...draft, golden: [] };
}

async function writeGolden(path: string, manifest: ModelManifest): Promise<void> {
  const model = await readFile(join(path, manifest.model));
  const inputs = new Map<string, Uint8Array>();
  for (const { input } of manifest.golden) inputs.set(input, await readFile(join(path, input)));
  const samples = readGolden(path, { ...manifest, outputs: [], golden: manifest.golden.map((sample) => ({ ...sample, outputs: [] })) }, inputs);
  const session = await openModel({ path, manifest, digest: '', model, golden: [], text: null });
  try {
    for (const [at, sample] of samples.entries()) {
      const outputs = await session.run(sample.pixels, sample.count);
      for (const [index, output] of outputs.entries()) await writeInside(path, manifest.golden[at]?.outputs[index] as string, writeNpy(output));
    }
  } finally {
    await session.close();
  }
}

/** Runs the text encoder on the texts that the manifest names. Answers it with their files. */
async function writeGoldenTexts(path: string, manifest: ModelManifest & { text: TextEncoder }): Promise<TextEncoder> {
  const { text } = manifest;
  const given = text.golden.length > 0 ? text.golden : GOLDEN_TEXTS.map((words, at) => ({ text: words, output: `golden/text-${at}.npy`, tolerance: TOLERANCE }));
  const [model, tokenizer, config = null] = await Promise.all(textFilesOf({ ...manifest, text: { ...text, golden: [] } }).map((name) => readFile(join(path, name))));
  const part = { model: model as Buffer, tokenizer: tokenizer as Buffer, tokenizerConfig: config, golden: [] };
  const embedder = await openTextEmbedder({ path, manifest, digest: '', model: part.model, golden: [], text: part });
  try {
    for (const { text: words, output } of given) await writeInside(path, output, writeNpy(await embedder.run(words)));
  } finally {
    await embedder.close();
  }
  return { ...text, golden: [...given] };
}

const outputFile = (input: string, output: string): string => `${input.replace(/\.npy$/, '')}.${output.replace(/[^A-Za-z0-9_-]/g, '_')}.npy`;

async function writeInside(path: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(path, name)), { recursive: true });
  await writeFile(join(path, name), bytes);
}
