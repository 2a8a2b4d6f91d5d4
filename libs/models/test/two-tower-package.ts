import { crc32, deflateSync } from 'node:zlib';
import { ELEMENT, floatInitializer, modelFile, node, valueInfo } from '../src/graph/onnx.js';
import { sealPackage } from '../src/seal/seal-package.js';
import { writeFolder } from './tiny-package.js';

/**
 * A text and image embedder that can be understood: the picture's tower measures colours at its sides, brightness, and whether something bright stands in
 * its middle; the text's tower adds up what words mean. Real graphs and a real tokenizer, of a few kilobytes.
 */
const CONCEPTS = ['red', 'green', 'blue', 'night', 'day', 'person'] as const;
type Concept = (typeof CONCEPTS)[number];
const DIMS = 8;
const SIDE = 8;

/** English and Chinese: of the second the tokenizer makes a word of each character. */
const WORDS: Readonly<Record<string, Concept>> = { red: 'red', 红: 'red', green: 'green', 绿: 'green', blue: 'blue', 蓝: 'blue', night: 'night', dark: 'night', 夜: 'night', day: 'day', bright: 'day', 昼: 'day', person: 'person', people: 'person', 人: 'person' };
const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'a', 'at', 'the', 'in', 'picture', ...Object.keys(WORDS)];

const isMiddle = (x: number): boolean => x === 3 || x === 4;
const isEdge = (x: number): boolean => x < 2 || x > 5;

/** [3 x 8 x 8 values, DIMS]: how much each value of a picture says for each concept. */
function weights(): { matrix: number[]; bias: number[] } {
  const edges = 4 * SIDE;
  const middle = 2 * SIDE;
  const matrix: number[] = [];
  for (let channel = 0; channel < 3; channel += 1) {
    for (let y = 0; y < SIDE; y += 1) {
      for (let x = 0; x < SIDE; x += 1) {
        const row = Array.from({ length: DIMS }, () => 0);
        for (let colour = 0; colour < 3; colour += 1) if (isEdge(x)) row[colour] = (channel === colour ? 6 : -3) / edges;
        if (isEdge(x)) [row[3], row[4]] = [-8 / (3 * edges), 8 / (3 * edges)];
        row[5] = isMiddle(x) ? 4 / (3 * middle) : isEdge(x) ? -4 / (3 * edges) : 0;
        matrix.push(...row);
      }
    }
  }
  return { matrix, bias: [0, 0, 0, 1.2, -1.2, -0.6, 0, 0] };
}

function imageTower(): Uint8Array {
  const { matrix, bias } = weights();
  return modelFile({
    inputs: [valueInfo({ name: 'pixel_values', element: ELEMENT.float32, dims: ['batch', 3, SIDE, SIDE] })],
    outputs: [valueInfo({ name: 'image_embeds', element: ELEMENT.float32, dims: ['batch', DIMS] })],
    nodes: [
      node({ type: 'Flatten', inputs: ['pixel_values'], output: 'flat', int: { name: 'axis', value: 1 } }),
      node({ type: 'MatMul', inputs: ['flat', 'weights'], output: 'sums' }),
      node({ type: 'Add', inputs: ['sums', 'bias'], output: 'biased' }),
      node({ type: 'Relu', inputs: ['biased'], output: 'image_embeds' }),
    ],
    initializers: [floatInitializer('weights', [3 * SIDE * SIDE, DIMS], matrix), floatInitializer('bias', [DIMS], bias)],
  });
}

export function textTower(element: 'float32' | 'float16' = 'float32'): Uint8Array {
  const meanings = VOCABULARY.flatMap((word) => Array.from({ length: DIMS }, (_unused, at) => (WORDS[word] !== undefined && CONCEPTS[at] === WORDS[word] ? 3 : 0)));
  return modelFile({
    inputs: [valueInfo({ name: 'input_ids', element: ELEMENT.int64, dims: [1, 'tokens'] })],
    outputs: [valueInfo({ name: 'text_embeds', element: ELEMENT[element], dims: [1, DIMS] })],
    nodes: [
      node({ type: 'Gather', inputs: ['meanings', 'input_ids'], output: 'words' }),
      node({ type: 'ReduceMean', inputs: ['words'], output: 'mean', ints: { name: 'axes', values: [1] } }),
      node({ type: 'Flatten', inputs: ['mean'], output: 'flat', int: { name: 'axis', value: 1 } }),
      node({ type: 'Cast', inputs: ['flat'], output: 'text_embeds', int: { name: 'to', value: ELEMENT[element] } }),
    ],
    initializers: [floatInitializer('meanings', [VOCABULARY.length, DIMS], meanings)],
  });
}

const special = (content: string, id: number) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true });

/** As Hugging Face's tokenizers write one of BERT's kind. */
const tokenizer = () => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: VOCABULARY.slice(0, 4).map(special),
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '[CLS]', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '[SEP]', type_id: 0 } }],
    pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: { '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] }, '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] } },
  },
  decoder: null,
  model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: Object.fromEntries(VOCABULARY.map((word, id) => [word, id])) },
});

export const TWO_TOWERS = {
  formatVersion: 1,
  id: 'two-towers',
  version: '1.0.0',
  title: 'Colours and words',
  task: 'embed',
  architecture: 'two towers',
  family: 'embedder',
  input: { name: 'pixel_values', width: SIDE, height: SIDE, layout: 'nchw', type: 'float32', color: 'rgb', mean: [0, 0, 0], std: [255, 255, 255], resize: 'stretch' },
  outputs: ['image_embeds'],
  dims: DIMS,
  text: { length: 12 },
  license: { spdx: 'CC0-1.0', source: 'made for tests', files: ['LICENSE'] },
} as const;

/** Seals it in a folder; `change` may spoil the manifest before. */
export async function writeTwoTowers(path: string, change: (manifest: Record<string, unknown>) => void = () => {}): Promise<void> {
  const manifest: Record<string, unknown> = structuredClone(TWO_TOWERS);
  change(manifest);
  await writeFolder(path, new Map([
    ['manifest.json', Buffer.from(JSON.stringify(manifest))],
    ['model.onnx', imageTower()],
    ['text.onnx', textTower()],
    ['tokenizer.json', Buffer.from(JSON.stringify(tokenizer()))],
    ['LICENSE', Buffer.from('free for all\n')],
  ]));
  await sealPackage(path);
}

/** What is to be seen in a made picture. */
export interface Scene {
  readonly colour: 'red' | 'green' | 'blue';
  readonly isNight: boolean;
  readonly hasPerson: boolean;
}

/** A street of one colour, by day or night, somebody in the middle or nobody: PNG; another seed, another picture of the same. */
export function scenePicture({ colour, isNight, hasPerson }: Scene, seed: number, { width = 64, height = 48 } = {}): Buffer {
  const tint = ['red', 'green', 'blue'].indexOf(colour);
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  const noise = (): number => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24) / 255 - 0.5;
  const light = (isNight ? 0.16 : 0.62) + noise() * 0.06;
  const [from, to] = [width * 0.375, width * 0.625];
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const isBody = hasPerson && x >= from && x < to && y > height * 0.1;
      for (let channel = 0; channel < 3; channel += 1) {
        const base = isBody ? Math.min(1, light + 0.35) : light * (channel === tint ? 1.35 : 0.75);
        rows[y * (1 + width * 3) + 1 + x * 3 + channel] = Math.max(0, Math.min(255, (base + noise() * 0.08) * 255));
      }
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.byteLength);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
