import { z } from 'zod';
import { ModelId } from '../ids.js';

export const MODEL_FAMILIES = ['nanodet', 'yolox', 'movenet-posture', 'classifier', 'embedder'] as const;
export const ModelFamily = z.enum(MODEL_FAMILIES);
export type ModelFamily = z.infer<typeof ModelFamily>;

/** `embed`: vectors of pictures, and of texts where the package has a text encoder: what belongs together lies close together. */
export const MODEL_TASKS = ['detect', 'classify', 'embed'] as const;
export const ModelTask = z.enum(MODEL_TASKS);
export type ModelTask = z.infer<typeof ModelTask>;

const fileName = z
  .string()
  .regex(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, 'expected a relative path without ".."');

/** How pixels become the model's input. Argus folds layout, colour order, mean and std into the graph when it loads the model. */
export const ModelInput = z.object({
  name: z.string().min(1),
  width: z.number().int().min(8).max(8192),
  height: z.number().int().min(8).max(8192),
  /** Layout of the graph's own input. */
  layout: z.enum(['nchw', 'nhwc']),
  type: z.enum(['float32', 'float16', 'uint8', 'int32']),
  color: z.enum(['rgb', 'bgr']),
  /** value = (pixel - mean) / std, per channel in the order of `color`, pixel 0..255. */
  mean: z.tuple([z.number(), z.number(), z.number()]).default([0, 0, 0]),
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).default([1, 1, 1]),
  /** letterbox: keep the aspect and pad; stretch: squash; crop: cover and cut the middle. */
  resize: z.enum(['letterbox', 'stretch', 'crop']),
  /** letterbox: where the picture lies, and the grey or colour around it (in the order of `color`). */
  align: z.enum(['center', 'top-left']).default('center'),
  pad: z.tuple([z.number(), z.number(), z.number()]).default([114, 114, 114]),
});
export type ModelInput = z.infer<typeof ModelInput>;

/** How words become a vector beside those of pictures (CLIP, SigLIP and the like). */
export const TextEncoder = z.object({
  model: fileName.default('text.onnx'),
  /** `tokenizer.json` as Hugging Face's tokenizers write it: normalisation, vocabulary and special tokens. */
  tokenizer: fileName.default('tokenizer.json'),
  tokenizerConfig: fileName.nullable().default(null),
  /** Inputs of the graph, each [1, tokens]; null: it has none of that kind. */
  inputs: z.object({ ids: z.string().min(1).default('input_ids'), mask: z.string().min(1).nullable().default(null), types: z.string().min(1).nullable().default(null) }).prefault({}),
  type: z.enum(['int64', 'int32']).default('int64'),
  output: z.string().min(1).default('text_embeds'),
  /** Most tokens, special ones included: what is longer is cut before the last special token. */
  length: z.number().int().min(2).max(4096),
  /** What shorter texts are filled up with; null: the graph takes any length. */
  pad: z.number().int().min(0).nullable().default(0),
  /** What a query is put into, as the model was trained with: `a photo of {}.` */
  template: z.string().max(200).includes('{}', { error: 'expected a text with {} in it' }).default('{}'),
  golden: z.array(z.object({ text: z.string().min(1).max(500), output: fileName, tolerance: z.number().positive() })).default([]),
});
export type TextEncoder = z.infer<typeof TextEncoder>;

/** `manifest.json` of a model package: a folder or zip that also holds `model.onnx`, licence files and golden tensors. */
export const ModelManifest = z.object({
  formatVersion: z.literal(1),
  id: ModelId,
  version: z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'expected a version like 1.0.0'),
  title: z.string().min(1).max(200),
  task: ModelTask,
  /** Architecture in the words of its authors, e.g. `NanoDet-g`. */
  architecture: z.string().min(1).max(120),
  family: ModelFamily,
  input: ModelInput,
  /** Names of the graph's outputs in the order that the family reads them. */
  outputs: z.array(z.string().min(1)).min(1),
  /** Detector: names by class index. Classifier: names of the answers. Embedder: none. */
  labels: z.array(z.string().min(1).max(60)).max(2000).default([]),
  /** Embedder: length of a vector. Vectors are brought to length 1 here, whatever the graph does. */
  dims: z.number().int().min(2).max(2048).optional(),
  /** Embedder: its text encoder, if it has one. */
  text: TextEncoder.optional(),
  thresholds: z.object({
    score: z.number().min(0).max(1).default(0.5),
    /** Detectors: non-maximum suppression, IoU. */
    nms: z.number().min(0).max(1).default(0.6),
  }).prefault({}),
  license: z.object({ spdx: z.string().min(1), source: z.string().min(1), files: z.array(fileName).default([]) }),
  model: fileName.default('model.onnx'),
  /** Inputs and outputs that the model must reproduce on this machine within `tolerance` (largest absolute difference). */
  golden: z.array(z.object({ input: fileName, outputs: z.array(fileName).min(1), tolerance: z.number().positive() })).min(1),
  /** sha256 (hex) of every file of the package except the manifest. */
  files: z.record(fileName, z.string().regex(/^[0-9a-f]{64}$/)),
}).superRefine(({ task, labels, dims, text }, context) => {
  const refuse = (field: string, message: string): void => void context.addIssue({ code: 'custom', path: [field], message });
  if (task === 'embed') {
    if (dims === undefined) refuse('dims', "the length of a vector, for task 'embed'");
    if (labels.length > 0) refuse('labels', "no labels for task 'embed'");
    return;
  }
  if (labels.length === 0) refuse('labels', 'at least one label');
  if (text !== undefined) refuse('text', `no text encoder for task '${task}'`);
});
export type ModelManifest = z.infer<typeof ModelManifest>;

/** A model as the registry knows it. */
export const ModelSummary = z.object({
  id: ModelId,
  version: z.string(),
  title: z.string(),
  task: ModelTask,
  architecture: z.string(),
  family: ModelFamily,
  labels: z.array(z.string()),
  /** It has a text encoder. */
  readsText: z.boolean().optional(),
  inputWidth: z.number().int(),
  inputHeight: z.number().int(),
  license: z.string(),
  builtIn: z.boolean(),
  state: z.enum(['unverified', 'ready', 'refused']),
  /** Why it was refused. */
  problem: z.string().nullable(),
});
export type ModelSummary = z.infer<typeof ModelSummary>;
