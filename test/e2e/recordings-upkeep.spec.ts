import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Camera, CameraId, Page as ListPage, RecordingHold, RecordingLimits } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { isBuilt, sampleEvent } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEngine, PASSWORD, runGateway, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { openAsOwner, signIn, whyNoBrowser } from './browser.js';

/** A small disk of its own for the recordings; null: this user may not mount one. */
function mountDisk(): string | null {
  const disk = mkdtempSync(join(tmpdir(), 'argus-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', disk], { stdio: 'ignore' });
    return disk;
  } catch {
    rmSync(disk, { recursive: true });
    return null;
  }
}

const built = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
const disk = built ? null : mountDisk();
const problem = built ?? (disk ? null : 'a disk of its own cannot be mounted here; run it as root');
if (problem) console.log(`skipped: ${problem}`);

/** Real: gateway, PostgreSQL, a full disk, Chromium. The engine is a small client of its protocol. */
describe.skipIf(problem)('somebody who looks after recordings in a browser', () => {
  let gateway: RunningGateway;
  let engine: Awaited<ReturnType<typeof connectEngine>>;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let cameraId: CameraId;
  const event = () => sampleEvent({ cameraId, cameraName: 'Gate' });
  let eventId: string;

  beforeAll(async () => {
    writeFileSync(join(disk as string, 'other'), Buffer.alloc(39 * 1024 * 1024, 1));
    gateway = await runGateway({ ARGUS_RECORDINGS_DIR: disk as string, ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') });
    engine = await connectEngine(gateway);
    cameraId = ((await gateway.owner.call('createCamera', { body: { name: 'Gate', url: 'rtsp://10.0.0.2/1', enabled: false } })).body as Camera).id;
    const told = event();
    eventId = told.id;
    engine.send({ type: 'event', entry: 'e', bootId: newId(), event: told });
    await engine.taken('e');
    ({ browser, page, faults } = await openAsOwner(gateway.setUpLink));
  });
  afterAll(async () => {
    await browser?.close();
    engine?.close();
    await gateway?.stop();
    if (disk) execFileSync('umount', [disk]);
    if (disk) rmSync(disk, { recursive: true, force: true });
  });

  const holds = async () => ((await gateway.owner.call('listHolds')).body as ListPage<RecordingHold>).items;

  it('is told on every page that nothing is recorded, and why on the system page', async () => {
    await page.getByRole('alert').getByText(/Nothing is recorded: the disk with the recordings is 9\d % full/).waitFor();
    await page.getByRole('link', { name: 'More on the system page' }).click();
    await page.getByRole('region', { name: 'Recordings' }).getByText('Disk full').waitFor();
    expect((await gateway.nobody().call('health')).body).toMatchObject({ status: 'degraded', recordings: 'full' });
    if (process.env['ARGUS_SHOTS']) await page.screenshot({ path: join(process.env['ARGUS_SHOTS'], 'system.png') });
  });

  it('protects the footage of an event, and ends that', async () => {
    await page.goto(`${gateway.url}/events/${eventId}`);
    await page.getByRole('button', { name: 'Protect footage' }).click();
    await page.getByText('Footage is protected', { exact: true }).waitFor();
    expect(await holds()).toMatchObject([{ cameraId, eventId, createdBy: 'owner' }]);
    if (process.env['ARGUS_SHOTS']) await page.screenshot({ path: join(process.env['ARGUS_SHOTS'], 'hold.png') });
    await page.getByRole('button', { name: 'End protection' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End protection' }).click();
    await page.getByRole('button', { name: 'Protect footage' }).waitFor();
    expect(await holds()).toEqual([]);
  });

  it('says when a camera’s footage is moved, and with what it cannot be', async () => {
    await page.goto(`${gateway.url}/cameras/${cameraId}`);
    await page.getByText('Recording', { exact: true }).click();
    await page.getByLabel('Move after').fill('5000');
    await page.getByRole('button', { name: 'Save camera' }).click();
    await page.getByText('Expected a number of days from 0.01 to 3650, or nothing').waitFor();
    await page.getByLabel('Move after').fill('2');
    await page.getByRole('button', { name: 'Save camera' }).click();
    await page.waitForURL('**/cameras');
    expect((await gateway.owner.call('getCamera', { params: { id: cameraId } })).body.recording).toMatchObject({ moveAfterDays: 2 });
    expect(faults).toEqual([]);
  });

  it('limits what all cameras and those with a tag keep together, and takes back what is not saved', async () => {
    const limits = async () => (await gateway.owner.call('getRecordingLimits')).body as RecordingLimits;
    await page.goto(`${gateway.url}/system`);
    await page.getByRole('link', { name: 'Storage limits' }).click();
    await page.getByText('No tag has a limit of its own').waitFor();
    const [save, undo] = [page.getByRole('button', { name: 'Save limits' }), page.getByRole('button', { name: 'Undo changes' })];
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel('Keep at most').fill('0');
    await page.getByRole('button', { name: 'Add a tag' }).click();
    await save.click();
    expect(await page.getByRole('alert').filter({ hasText: 'Expected' }).allTextContents()).toEqual(['Expected 0.001 GB (1 MB) or more', 'Expected a tag of 1 to 60 letters', 'Expected 0.001 GB (1 MB) or more']);
    expect((await limits()).tags).toEqual([]);
    // Nothing that is not saved is lost unasked.
    await page.getByRole('link', { name: 'Tuning' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await undo.click();
    await page.getByText('No tag has a limit of its own').waitFor();
    expect([await page.getByLabel('Keep at most').inputValue(), await undo.count(), await save.isDisabled()]).toEqual(['', 0, true]);
    await page.getByLabel('Keep at most').fill('4000');
    await page.getByRole('button', { name: 'Add a tag' }).click();
    const line = page.getByRole('group', { name: /^Limit of/ });
    await line.getByLabel('Tag').fill('yard');
    await line.getByText('No camera has this tag yet').waitFor();
    await line.getByLabel('Keep at most').fill('0.5');
    await page.getByLabel('Move at most').fill('20');
    await save.click();
    await page.getByText('The limits are saved').waitFor();
    expect(await limits()).toEqual({ keepBytes: 4e12, tags: [{ tag: 'yard', keepBytes: 5e8 }], moveBytesPerSecond: 2e7 });
    await page.reload();
    expect(await page.getByLabel('Move at most').inputValue()).toBe('20');
    expect(faults).toEqual([]);
  });

  it('sees limits without being able to change them, who may not', async () => {
    const { user } = await gateway.withUser('viewer');
    const viewer = await signIn(browser, gateway.url, user.name, PASSWORD);
    await viewer.page.goto(`${gateway.url}/system/recordings`);
    await viewer.page.getByText('Changing them takes the right').waitFor();
    expect([await viewer.page.getByLabel('Keep at most').first().isDisabled(), await viewer.page.getByRole('button', { name: 'Save limits' }).count()]).toEqual([true, 0]);
  });

  it('reads it in Chinese', async () => {
    const chinese = await browser.newContext({ locale: 'zh-CN', storageState: await page.context().storageState() });
    const other = await chinese.newPage();
    await other.goto(`${gateway.url}/events/${eventId}`);
    await other.getByText(/已停止录像：录像磁盘已使用 9\d %/).waitFor();
    await other.getByRole('button', { name: '保护录像' }).waitFor();
    await chinese.close();
  });
});
