import { Tokenizer } from '@huggingface/tokenizers';
import type { TextEncoder } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { ModelPackageError } from '../errors.js';

/** The numbers that a text encoder takes for some words. */
export interface TextTokens {
  readonly ids: readonly number[];
  /** 1: a token of the text, 0: filled up. */
  readonly mask: readonly number[];
}

/** Reads a tokenizer once. What is longer than the encoder takes is cut before its last token, which ends a text. @throws ModelPackageError */
export function openTokens(path: string, settings: TextEncoder, tokenizer: Uint8Array, config: Uint8Array | null): (text: string) => TextTokens {
  const { length, pad, template } = settings;
  const known = read(path, settings, tokenizer, config);
  return (text) => {
    // The replacement is a function: a query may hold "$&".
    const { ids } = known.encode(template.replace('{}', () => text.normalize('NFC').trim()));
    const kept = ids.length <= length ? ids : [...ids.slice(0, length - 1), ids.at(-1) as number];
    const missing = pad === null ? 0 : length - kept.length;
    return { ids: [...kept, ...Array.from({ length: missing }, () => pad as number)], mask: [...kept.map(() => 1), ...Array.from({ length: missing }, () => 0)] };
  };
}

function read(path: string, { tokenizer: name, tokenizerConfig }: TextEncoder, tokenizer: Uint8Array, config: Uint8Array | null): Tokenizer {
  try {
    const known = new Tokenizer(jsonOf(tokenizer), config === null ? {} : jsonOf(config));
    // Some mistakes only show when it is used.
    known.encode('a');
    return known;
  } catch (error) {
    throw new ModelPackageError(path, config === null ? name : `${name}, ${tokenizerConfig}`, "a tokenizer as Hugging Face's tokenizers write it", messageOf(error), { cause: error });
  }
}

const jsonOf = (bytes: Uint8Array): object => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as object;
