import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotationTrouble } from '../annotation-trouble.js';
import { runsInCrop } from '../curation/annotations-in-crop.js';
import { DatasetFileError, HostileArchiveError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { detectFormat, FOREIGN_FORMATS, FORMATS } from './formats.js';
import { ImportProblems } from './import-problems.js';

/** A PNG of 4 x 4 as far as its size goes. */
const PICTURE = Buffer.from('89504e470d0a1a0a0000000d49484452000000040000000408020000002693092900000000', 'hex');

function treeOf(files: Readonly<Record<string, Uint8Array>>): FileTree {
  const get = (path: string): Uint8Array => {
    if (!Object.hasOwn(files, path)) throw new DatasetFileError(`${path}: there is no such file`);
    return files[path] as Uint8Array;
  };
  return {
    async *files() {
      for (const [path, { byteLength: bytes }] of Object.entries(files)) yield { path, bytes };
    },
    read: async (path) => get(path),
    async *stream(path) {
      yield get(path);
    },
    has: async (path) => Object.hasOwn(files, path),
    close: async () => undefined,
  };
}

const coco = (annotation: string, image = ''): string => `{"images":[{"id":1,"file_name":"a.png","width":4,"height":4${image}}],"categories":[{"id":1,"name":"car"}],"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,1,1]${annotation}}]}`;
/** One file of each format, well formed; what is written into it is not. */
const SEEDS: readonly (readonly [string, string])[] = [
  ['annotations/instances_default.json', coco(',"segmentation":{"size":[4,4],"counts":[0,16]},"attributes":{"a":1}', ',"attributes":{"argus":{"split":"val"}}')],
  ['annotations/default.json', '{"info":{},"categories":{"label":{"labels":[{"name":"car"}]}},"items":[{"id":"a","image":{"path":"a.png","size":[4,4]},"annotations":[{"id":1,"type":"bbox","label_id":0,"bbox":[0,0,1,1]}]}]}'],
  ['annotations.xml', '<?xml version="1.0"?><annotations><image id="0" name="a.png" width="4" height="4"><box label="car" xtl="0" ytl="0" xbr="1" ybr="1"><attribute name="argus">{"id":"x"}</attribute></box><mask label="car" rle="0, 4" left="0" top="0" width="2" height="2"/></image></annotations>'],
  ['Annotations/a.xml', '<annotation><filename>a.png</filename><size><width>4</width><height>4</height></size><object><name>car</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>'],
  ['labels/a.txt', '0 0.5 0.5 0.1 0.1\n0 0.1 0.1 0.2 0.2 0.3 0.1\n'],
  ['data.yaml', 'names:\n  0: "car"\nkpt_shape: [2, 3]\nval: images/val\n'],
  ['v/gt/gt.txt', '1,1,1,1,2,2,1,1,1\n'],
  ['a.json', '{"label":"car","annotations":[{"bbox":[0,0,1,1]}]}'],
];
const HARM = fc.oneof(
  fc.constantFrom('1e308', '-1e308', '1e-320', 'NaN', 'null', '-1', '9007199254740993', '"', '<', '>', '&', '&#0;', '\u0000', '\ud800', '../', '[', ']', '{', '}', '<!DOCTYPE a>', '\n- ', ': ', '[1e9]', '{0: a}', '\\u0000', '%s', '[[[['.repeat(500), '<a>'.repeat(500)),
  fc.string({ maxLength: 6 }),
);
const attack = fc.record({ seed: fc.nat(SEEDS.length - 1), cuts: fc.array(fc.tuple(fc.nat(), fc.nat(12), HARM), { minLength: 1, maxLength: 5 }) });

async function readAll(format: (typeof FOREIGN_FORMATS)[number], tree: FileTree): Promise<void> {
  const problems = new ImportProblems(5);
  try {
    for await (const image of FORMATS[format](tree, { problems })) {
      // What is let through is judged once more when it comes in; that has to come to an end whatever it is.
      for (const one of image.annotations) {
        const trouble = annotationTrouble(one, { width: 4, height: 4 });
        if (trouble === null && one.runs) runsInCrop(one.runs, { width: 4, height: 4 }, { x: 0, y: 0, width: 2, height: 2 });
      }
    }
  } catch (error) {
    if (!(error instanceof DatasetFileError || error instanceof HostileArchiveError)) throw error;
  }
}

describe('a set of somebody else', () => {
  it.each(FOREIGN_FORMATS)('that is damaged anywhere is read as %s as far as it goes, or refused in words', async (format) => {
    await fc.assert(
      fc.asyncProperty(attack, async ({ seed, cuts }) => {
        const files = Object.fromEntries(SEEDS.map(([path, text], index) => {
          const harmed = index === seed ? cuts.reduce((so, [at, length, harm]) => `${so.slice(0, at % (so.length + 1))}${harm}${so.slice((at % (so.length + 1)) + length)}`, text) : text;
          return [path, Buffer.from(harmed)];
        }));
        await readAll(format, treeOf({ 'a.png': PICTURE, 'images/a.png': PICTURE, 'v/img1/000001.png': PICTURE, ...files }));
      }),
      { numRuns: 400 },
    );
  });

  it('with JSON 100,000 deep is refused in words, wherever it is', async () => {
    const deep = `${'['.repeat(1e5)}${']'.repeat(1e5)}`;
    for (const text of [coco(`,"attributes":{"a":${deep}}`), coco('', `,"attributes":{"a":${deep}}`)]) {
      const tree = treeOf({ 'images/a.png': PICTURE, 'annotations/instances_default.json': Buffer.from(text) });
      const problems = new ImportProblems();
      const failure = await (async () => { for await (const image of FORMATS.coco(tree, { problems })) expect(image.annotations.length).toBeLessThan(2); })().catch((thrown: unknown) => thrown);
      expect([failure instanceof DatasetFileError ? failure.message : '', ...problems.list.map(({ message }) => message)].join()).toContain('at most 100 levels');
      await detectFormat(tree);
    }
  });

  it('with runs that end nowhere is cut to the part that is wanted', () => {
    expect(runsInCrop([0, Number.MAX_SAFE_INTEGER], { width: 4, height: 4 }, { x: 1, y: 1, width: 2, height: 2 })).toEqual([0, 4]);
  });
});
