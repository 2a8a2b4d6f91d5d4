import { messageOf } from '@argus/kernel';
import { sealPackage } from '../seal/seal-package.js';

const path = process.argv[2];
if (!path) {
  process.stderr.write('usage: node libs/models/dist/tools/seal-package.js FOLDER\n');
  process.exitCode = 2;
} else {
  try {
    const { manifest, digest } = await sealPackage(path);
    process.stdout.write(`sealed ${manifest.id} ${manifest.version}, ${Object.keys(manifest.files).length} files, manifest sha256 ${digest}\n`);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
