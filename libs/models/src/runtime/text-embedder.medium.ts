import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeStill, FrameScaler } from '@argus/media';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/tiny-package.js';
import { scenePicture, textTower, writeTwoTowers, type Scene } from '../../test/two-tower-package.js';
import { ModelOpenError } from '../errors.js';
import { readModelPackage } from '../package/read-model-package.js';
import { openPictureEmbedder } from './picture-embedder.js';
import { openTextEmbedder } from './text-embedder.js';

// Real sessions, a real tokenizer, decoded pictures.

const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
const COLOURS = ['red', 'green', 'blue'] as const;
const SCENES: readonly Scene[] = COLOURS.flatMap((colour) => [true, false].flatMap((isNight) => [true, false].map((hasPerson) => ({ colour, isNight, hasPerson }))));

describe('a package with two towers', () => {
  it('puts words beside pictures of what they say, in English and Chinese', async () => {
    await using folder = await temporaryFolder();
    await writeTwoTowers(folder.path);
    const pkg = await readModelPackage(folder.path);
    const [pictures, texts] = [await openPictureEmbedder(pkg), await openTextEmbedder(pkg)];
    expect([pictures.name, pictures.dims]).toEqual([texts.name, texts.dims]);
    const scaler = new FrameScaler({ ...pictures.input, layout: 'hwc' });
    const pixels = new Uint8Array(8 * 8 * 3);
    const shown: { scene: Scene; row: Float32Array }[] = [];
    for (const [index, scene] of [...SCENES, ...SCENES, ...SCENES].entries()) {
      const frame = decodeStill(scenePicture(scene, index));
      scaler.scaleInto(frame, null, pixels);
      frame.free();
      const row = await pictures.embed(pixels, 1);
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      shown.push({ scene, row });
    }
    scaler.close();
    const best = async (text: string, count: number): Promise<Scene[]> => {
      const query = await texts.embed(text);
      expect(Math.hypot(...query)).toBeCloseTo(1, 5);
      return shown.toSorted((a, b) => cosine(query, b.row) - cosine(query, a.row)).slice(0, count).map(({ scene }) => scene);
    };
    for (const text of ['a red picture', 'RED', '红']) expect((await best(text, 12)).every(({ colour }) => colour === 'red')).toBe(true);
    for (const text of ['a person at night', '夜里的人']) expect((await best(text, 9)).every(({ isNight, hasPerson }) => isNight && hasPerson)).toBe(true);
    await pictures.close();
    await texts.close();
  });

  it('cuts long texts before the token that ends them, and takes whatever a query holds', async () => {
    await using folder = await temporaryFolder();
    await writeTwoTowers(folder.path, (manifest) => Object.assign(manifest, { text: { length: 4, pad: null, template: 'a {}' } }));
    const texts = await openTextEmbedder(await readModelPackage(folder.path));
    expect(await texts.embed('red red red red red green')).toEqual(await texts.embed('red'));
    for (const text of ['', '$& $1 {}', '\u0000', '🙂'.repeat(500)]) expect((await texts.embed(text)).length).toBe(8);
    await texts.close();
  });

  it('may compute with numbers of 16 bits', async () => {
    await using folder = await temporaryFolder();
    await writeTwoTowers(folder.path);
    const pkg = await readModelPackage(folder.path);
    const halves = { ...pkg, text: { ...(pkg.text as NonNullable<typeof pkg.text>), model: textTower('float16') } };
    const [usual, short] = [await openTextEmbedder(pkg), await openTextEmbedder(halves)];
    const [a, b] = [await usual.embed('a person at night'), await short.embed('a person at night')];
    expect(cosine(a, b)).toBeCloseTo(1, 3);
    await usual.close();
    await short.close();
  });

  it('is refused where tokenizer, inputs, outputs or golden texts do not fit', async () => {
    await using folder = await temporaryFolder();
    await writeTwoTowers(folder.path);
    const pkg = await readModelPackage(folder.path);
    const part = pkg.text as NonNullable<typeof pkg.text>;
    const { text } = pkg.manifest;
    const open = (change: object) => openTextEmbedder({ ...pkg, manifest: { ...pkg.manifest, text: { ...(text as NonNullable<typeof text>), ...change } } });
    await expect(openTextEmbedder({ ...pkg, text: { ...part, tokenizer: Buffer.from('{}') } })).rejects.toThrow(/tokenizer\.json: expected a tokenizer as Hugging Face/);
    await expect(open({ inputs: { ids: 'words', mask: null, types: null } })).rejects.toThrow(/text inputs: expected 'input_ids' as the graph of text\.onnx has them, got 'words'/);
    await expect(open({ output: 'vector' })).rejects.toThrow(/expected one of 'text_embeds' of text\.onnx, got 'vector'/);
    await expect(open({ template: 'red {}' })).rejects.toThrow(/output 'text_embeds' within 0\.005 of the golden tensor/);
    await expect(openTextEmbedder({ ...pkg, text: null })).rejects.toThrow(ModelOpenError);
    const file = join(folder.path, 'tokenizer.json');
    await writeFile(file, `${await readFile(file, 'utf8')} `);
    await expect(readModelPackage(folder.path)).rejects.toThrow(/tokenizer\.json: expected sha256/);
  });

  it('needs the length of its vectors, and no labels', async () => {
    await using folder = await temporaryFolder();
    await expect(writeTwoTowers(folder.path, (manifest) => void delete manifest['dims'])).rejects.toThrow(/manifest\.json dims: expected the length of a vector/);
    await expect(writeTwoTowers(folder.path, (manifest) => Object.assign(manifest, { labels: ['red'] }))).rejects.toThrow(/labels: expected no labels/);
    await expect(writeTwoTowers(folder.path, (manifest) => Object.assign(manifest, { dims: 9 }))).rejects.toThrow(/expected floats of shape 1x9/);
  });
});
