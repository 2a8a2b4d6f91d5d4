import type { Sample } from '@argus/contracts';
import { nameKey } from '../files/entry-name.js';
import { NameSet } from '../files/name-set.js';

const ENDINGS: Readonly<Record<Sample['mime'], string>> = { 'image/jpeg': '.jpg', 'image/png': '.png', 'image/webp': '.webp', 'image/bmp': '.bmp' };
// oxlint-disable-next-line no-control-regex -- no file may be called so
const FORBIDDEN = /[\u0000-\u001f\u007f<>:"/\\|?*\ud800-\udfff]/gu;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Names for the files of an export: that of the sample where every system allows it and no other has it, else with the beginning of
 * the digest. The same samples in the same order get the same names.
 */
export class ExportNames {
  readonly #taken = new NameSet();

  take(sample: Pick<Sample, 'name' | 'mime' | 'sha256'>): string {
    const safe = shortened(sample.name.replace(FORBIDDEN, '_').replace(/[. ]+$/, ''));
    const dot = safe.lastIndexOf('.');
    const known = /\.(jpe?g|png|webp|bmp)$/i.test(safe) && dot > 0;
    const stem = known ? safe.slice(0, dot) : safe;
    const ending = known ? safe.slice(dot) : ENDINGS[sample.mime];
    const usable = stem !== '' && !/^\.*$/.test(stem) && !DEVICE.test(safe);
    // Labels lie in files of the same stem: two endings are no difference.
    for (const digits of usable ? [0, 12, 64] : [12, 64]) {
      const name = digits === 0 ? stem : `${stem.slice(0, 120)}-${sample.sha256.slice(0, digits)}`;
      const key = nameKey(name).toLowerCase();
      if (this.#taken.add(key)) return name + ending;
    }
    throw new Error(`sample ${sample.sha256} is there twice`);
  }
}

/** File systems take 255 bytes: 200 leave room for digest and ending. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= 200) return name;
  const ending = /\.(jpe?g|png|webp|bmp)$/i.exec(name)?.[0] ?? '';
  let stem = Array.from(name.slice(0, name.length - ending.length));
  while (Buffer.byteLength(stem.join('')) > 200 - ending.length) stem = stem.slice(0, -1);
  return stem.join('') + ending;
}

export function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
