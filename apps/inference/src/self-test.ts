import { messageOf } from '@argus/kernel';
import { selfTest } from '@argus/media';
import { listDevices } from '@argus/models';

/** `argus doctor` runs this in a process of its own, one part at a time: what is native and broken may crash here without harm. */
const PARTS: Readonly<Record<string, () => Promise<string>>> = {
  media: async () => {
    await selfTest();
    return 'decoded the bundled clip';
  },
  providers: async () => JSON.stringify(await listDevices()),
};

const part = PARTS[process.argv[2] ?? ''];
try {
  if (part === undefined) throw new RangeError(`expected one of: ${Object.keys(PARTS).join(', ')}`);
  process.stdout.write(`${await part()}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
