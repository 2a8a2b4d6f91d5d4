import { badBox, BOX_HEADER, type Box } from './box.js';

/** ISO/IEC 14496-12: fields of a sample entry of sound before the boxes in it. */
const ENTRY_BYTES = 28;
/** ISO/IEC 14496-1: tags of the decoder's configuration and of what is particular to it; objectTypeIndication of AAC. */
const CONFIG_TAG = 4;
const SPECIFIC_TAG = 5;
const AAC_TYPE = 0x40;

/** RFC 6381 name of a track of sound: `mp4a.40.2`, `mp4a.6B` (MP3), `opus`. Of what is not known the name of its box. */
export function soundCodecString(stsd: Box): string {
  const entry = stsd.children(BOX_HEADER)[0];
  if (entry === undefined) throw badBox('stsd', stsd.at, 'expected what the sound is, got nothing');
  if (entry.type !== 'mp4a') return entry.type.trim().toLowerCase().replace(/[^a-z0-9.-]/g, '-');
  const esds = entry.children(ENTRY_BYTES).find(({ type }) => type === 'esds');
  const config = esds === undefined ? null : find(esds.body.subarray(4), CONFIG_TAG);
  if (config === null) return entry.type;
  const [type = 0] = config;
  if (type !== AAC_TYPE) return `mp4a.${type.toString(16).toUpperCase()}`;
  const [first = 0, second = 0] = find(config.subarray(13), SPECIFIC_TAG) ?? [];
  const profile = first >> 3 === 31 ? 32 + (((first & 7) << 3) | (second >> 5)) : first >> 3;
  return `mp4a.40.${profile || 2}`;
}

/** The content of the first descriptor with this tag; the elementary stream's (3) is looked into. */
function find(bytes: Buffer, tag: number): Buffer | null {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const found = bytes[at] as number;
    let [size, more] = [0, true];
    for (at += 1; more && at < bytes.length; at += 1) {
      size = (size << 7) | ((bytes[at] as number) & 0x7f);
      more = ((bytes[at] as number) & 0x80) !== 0;
    }
    if (found === tag) return bytes.subarray(at, at + size);
    // Three bytes of the elementary stream's own: its number and flags, none of which the recorder sets.
    at += found === 3 ? 3 : size;
  }
  return null;
}
