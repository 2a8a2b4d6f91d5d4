import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, tinyPackage, writeFolder, type TinyPackage } from '../../test/tiny-package.js';
import { ModelOpenError, ModelPackageError } from '../errors.js';
import { readModelPackage } from '../package/read-model-package.js';
import { openModel } from '../runtime/model-session.js';
import { sealPackage } from './seal-package.js';

// Real sessions.

/** A folder as its author has it before sealing: manifest without digests, model, licence. */
async function draft(path: string, change: (pkg: TinyPackage) => void = () => {}): Promise<void> {
  const pkg = tinyPackage();
  for (const name of [...pkg.files.keys()].filter((file) => file.startsWith('golden/'))) pkg.files.delete(name);
  delete pkg.manifest['files'];
  delete pkg.manifest['golden'];
  change(pkg);
  await writeFolder(path, new Map([...pkg.files, ['manifest.json', Buffer.from(JSON.stringify(pkg.manifest))]]));
}

describe('sealPackage', () => {
  it('makes a package that opens, and the same bytes when sealed again', async () => {
    await using folder = await temporaryFolder();
    await draft(folder.path);
    const sealed = await sealPackage(folder.path);
    expect(Object.keys(sealed.manifest.files).sort()).toEqual(['LICENSE', 'golden/input.means.npy', 'golden/input.npy', 'model.onnx']);
    await (await openModel(await readModelPackage(folder.path))).close();
    const first = await readFile(join(folder.path, 'manifest.json'));
    expect((await sealPackage(folder.path)).digest).toBe(sealed.digest);
    expect((await readFile(join(folder.path, 'manifest.json'))).equals(first)).toBe(true);
  });

  it('takes the golden input that the manifest names', async () => {
    await using folder = await temporaryFolder();
    const golden = tinyPackage().files.get('golden/a.npy') as Uint8Array;
    await draft(folder.path, ({ files, manifest }) => {
      files.set('golden/a.npy', golden);
      manifest['golden'] = [{ input: 'golden/a.npy' }];
    });
    const { golden: samples } = await sealPackage(folder.path);
    expect([...(samples[0]?.outputs[0]?.data ?? [])]).toEqual([2, 1, 0.5]);
  });

  it('notices a preparation that was changed behind the seal', async () => {
    await using folder = await temporaryFolder();
    await draft(folder.path);
    await sealPackage(folder.path);
    const path = join(folder.path, 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"mean": \[\s*0/, '"mean": [ 9'));
    await expect(openModel(await readModelPackage(folder.path))).rejects.toThrow(/output 'means' within 0\.005/);
  });

  it('refuses a folder without manifest, labels that do not fit, and a model that does not open', async () => {
    await using folder = await temporaryFolder();
    await expect(sealPackage(folder.path)).rejects.toThrow(/manifest\.json: expected a manifest to complete/);
    await draft(folder.path, ({ manifest }) => {
      manifest['labels'] = ['red'];
    });
    await expect(sealPackage(folder.path)).rejects.toThrow(ModelPackageError);
    await rm(join(folder.path, 'golden'), { recursive: true });
    await draft(folder.path, ({ files }) => files.set('model.onnx', Buffer.from('no model')));
    await expect(sealPackage(folder.path)).rejects.toThrow(ModelOpenError);
  });
});
