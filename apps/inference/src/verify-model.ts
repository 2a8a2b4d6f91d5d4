import { ArgusError } from '@argus/kernel';
import { openModel, openTextEmbedder, readModelPackage } from '@argus/models';

/** `argus model verify PATH [--json]`: exit status 0 when the package is whole and computes its golden tensors here, else 1 and the reason. */
const [path, ...flags] = process.argv.slice(2);
const asJson = flags.includes('--json');

if (path === undefined) {
  process.stderr.write('expected the path of a model package: a folder or a .zip\n');
  process.exitCode = 2;
} else process.exitCode = await verify(path);

async function verify(packagePath: string): Promise<number> {
  try {
    const found = await readModelPackage(packagePath);
    const session = await openModel(found);
    const { id, version, title, task, family, labels, golden } = session.manifest;
    await session.close();
    if (found.text) await (await openTextEmbedder(found)).close();
    if (asJson) process.stdout.write(`${JSON.stringify({ ok: true, id, version, title, task, family, labels: labels.length, golden: golden.length })}\n`);
    else process.stdout.write(`${id} ${version} is sound: ${task}, ${family}, ${labels.length} labels; every digest matches and ${golden.length} golden input${golden.length === 1 ? '' : 's'} give the golden outputs on this machine.\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ArgusError)) throw error;
    if (asJson) process.stdout.write(`${JSON.stringify({ ok: false, code: error.code, message: error.message })}\n`);
    else process.stderr.write(`refused: ${error.message}\n`);
    return 1;
  }
}
