import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '@argus/contracts';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What the rest of the world reads COCO with. */
export const hasCocoReader = spawnSync('python3', ['-c', 'import pycocotools']).status === 0;
if (!hasCocoReader) console.log('not read by a third party: python3 has no pycocotools');

/** Writes a recipe on its page, and runs it. */
export async function harvestAll(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Days', { exact: true }).selectOption({ label: 'All that is recorded' });
  await page.getByRole('button', { name: 'Save and run' }).click();
  await page.getByText('Done', { exact: true }).first().waitFor({ timeout: 90_000 });
}

/** Begins the job of the open form, and waits until it is done. */
export async function beginJob(page: Page, kind: string, fill: () => Promise<unknown> = async () => undefined): Promise<void> {
  await fill();
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.locator('main').getByRole('listitem').filter({ hasText: kind }).first().getByText('Done', { exact: true }).waitFor({ timeout: 90_000 });
}

/** Takes the file of a COCO export that is done, and checks that it holds the set, by itself and by what others read it with. */
export async function expectCocoOf(page: Page, set: Dataset | undefined, folder: string): Promise<void> {
  await page.locator('main').getByRole('listitem').filter({ hasText: 'Export' }).first().getByRole('button', { name: 'Show result' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  const zip = join(folder, 'set.zip');
  await download.saveAs(zip);
  execFileSync('python3', ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', zip, join(folder, 'set')]);
  const file = execFileSync('find', [join(folder, 'set'), '-name', '*.json'], { encoding: 'utf8' }).trim().split('\n')[0] as string;
  const coco = JSON.parse(readFileSync(file, 'utf8')) as { images: unknown[]; annotations: { bbox: number[] }[]; categories: { name: string }[] };
  expect(coco.images).toHaveLength(set?.counts.samples ?? -1);
  expect(coco.annotations).toHaveLength(set?.counts.annotations ?? -1);
  expect(coco.categories.map(({ name }) => name)).toContain('person');
  if (!hasCocoReader) return;
  const read = execFileSync('python3', ['-c', 'import sys\nfrom pycocotools.coco import COCO\nset = COCO(sys.argv[1])\nprint("read", len(set.getImgIds()), len(set.getAnnIds()))', file], { encoding: 'utf8' });
  expect(read).toContain(`read ${coco.images.length} ${coco.annotations.length}`);
}
