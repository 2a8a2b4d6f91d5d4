import { isoTime } from '@argus/kernel';

const LONGEST_NAME = 60;

/** A name under which footage can be saved anywhere: letters, digits and dashes of the camera's name, and the time of the first picture (UTC). */
export function footageFileName(cameraName: string, startMs: number): { plain: string; encoded: string } {
  const time = isoTime(startMs).replace(/\.\d+Z$/, 'Z').replaceAll(':', '-');
  const named = (kept: RegExp) => `${[...cameraName.normalize('NFC').replace(kept, '-')].slice(0, LONGEST_NAME).join('').replace(/^-+|-+$/g, '') || 'camera'}-${time}.mp4`;
  const encoded = encodeURIComponent(named(/[^\p{L}\p{N}]+/gu)).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return { plain: named(/[^A-Za-z0-9]+/g), encoded };
}
