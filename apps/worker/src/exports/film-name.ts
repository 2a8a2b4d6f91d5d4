/** Bytes of a file's name that every file system takes, without time, number and ending. */
const MOST_NAME_BYTES = 180;

/** `<camera>_<local start>.mp4`, safe on every file system; signs of all languages are kept. `taken`: names that are used already. */
export function filmName(cameraName: string, startMs: number, timeZone: string, taken: ReadonlySet<string>): string {
  const base = `${cameraPart(cameraName)}_${localTime(startMs, timeZone)}`;
  for (let number = 1; ; number += 1) {
    const name = `${base}${number === 1 ? '' : `_${number}`}.mp4`;
    if (!taken.has(name)) return name;
  }
}

function cameraPart(name: string): string {
  let part = '';
  for (const sign of name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')) {
    if (Buffer.byteLength(part + sign) > MOST_NAME_BYTES) break;
    part += sign;
  }
  return part || 'camera';
}

/** `2026-11-20_09-00-00`; a time zone that this machine does not know counts as UTC. */
function localTime(ms: number, timeZone: string): string {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('sv-SE', { ...options, timeZone });
  } catch {
    format = new Intl.DateTimeFormat('sv-SE', { ...options, timeZone: 'UTC' });
  }
  return format.format(ms).replace(' ', '_').replaceAll(':', '-');
}
