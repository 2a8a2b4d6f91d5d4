import type { FileHandle } from 'node:fs/promises';
import { StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { stretchOf } from './stretch-of.js';

/** A file that is open for reading, and how long it is. Whoever gets it closes it. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
  readonly name: string;
}

/** All of the file, or the stretch that was asked for, to be kept under its name. */
export async function sendFile({ handle, size, name }: OpenFile, type: string, request: Request, response: Response): Promise<StreamableFile> {
  try {
    const { first, last } = stretchOf(size, null, request, response);
    const plain = name.replace(/[^A-Za-z0-9._-]/g, '-');
    const encoded = encodeURIComponent(name).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
    return new StreamableFile(handle.createReadStream({ start: first, end: last }), { type, length: last - first + 1, disposition: `attachment; filename="${plain}"; filename*=UTF-8''${encoded}` });
  } catch (error) {
    await handle.close();
    throw error;
  }
}
