import type { Camera as CameraNoun } from '@argus/contracts';
import { Camera, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAction, useAll } from '../../app/calls.js';
import { useCameraPulses, type CameraPulse } from '../../app/cameras.js';
import { client } from '../../app/client.js';
import { decimal } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { CONTROL, SwitchField } from '../../ui/field.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { CameraStatus } from './camera-status.js';
import { useCameraTabs } from './camera-tabs.js';

/** All cameras with their honest state; the switch acts at once. */
export function CamerasPage() {
  const { t } = useI18n();
  const can = useCan();
  const cameras = useAll('listCameras');
  const pulses = useCameraPulses();
  const tabs = useCameraTabs();
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const shown = cameras.data?.filter((camera) => !wanted || [camera.name, camera.url, ...camera.tags].some((text) => text.toLowerCase().includes(wanted))) ?? [];
  const add = can('camera.write') && (
    <LinkButton to="/cameras/new" icon={Plus}>
      {t('cameras.add')}
    </LinkButton>
  );
  return (
    <Page title={t('nav.cameras')} tabs={tabs} action={cameras.data?.length !== 0 && add}>
      {cameras.isPending && <Skeleton />}
      {cameras.isError && <ErrorNotice error={cameras.error} onRetry={() => void cameras.refetch()} />}
      {cameras.data?.length === 0 && (
        <EmptyState icon={Camera} title={t('cameras.empty')} action={add}>
          <p className="m-0">{t('cameras.emptyWhy')}</p>
          <code className="mt-2 block font-mono text-s break-all">rtsp://user:password@192.168.1.20:554/stream1</code>
        </EmptyState>
      )}
      {cameras.data && cameras.data.length > 0 && (
        <div className="flex flex-col">
          <label className="relative m-4 mb-2 max-w-90">
            <Search aria-hidden size={16} className="absolute top-2.5 left-2 text-ink-3" />
            <input data-search type="search" aria-label={t('cameras.search')} placeholder={t('cameras.search')} value={words} onChange={(event) => setWords(event.target.value)} className={`${CONTROL} pl-8`} />
          </label>
          <ul className="m-0 flex list-none flex-col p-0" aria-label={t('nav.cameras')}>
            {shown.map((camera) => (
              <CameraRow key={camera.id} camera={camera} pulse={pulses.get(camera.id)} mayWrite={can('camera.write')} />
            ))}
          </ul>
          {shown.length === 0 && <EmptyState icon={Search} title={t('live.nothingFound', { words })} />}
        </div>
      )}
    </Page>
  );
}

function CameraRow({ camera, pulse, mayWrite }: { camera: CameraNoun; pulse: CameraPulse | undefined; mayWrite: boolean }) {
  const { t, locale } = useI18n();
  const { id, createdAt: _createdAt, updatedAt: _updatedAt, ...settings } = camera;
  const enable = useAction((enabled: boolean) => client.call('updateCamera', { params: { id }, body: { ...settings, enabled } }), {
    refresh: ['listCameras', 'getSystem'],
    said: (saved) => t(saved.enabled ? 'cameras.enabledNow' : 'cameras.disabledNow', { name: saved.name }),
  });
  const stream = pulse?.stats?.stream;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-b border-line px-4 py-3 hover:bg-raised md:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,2fr)_auto]">
      <div className="min-w-0">
        <Link to={`/cameras/${id}`} className="block clip font-semibold text-ink">
          {camera.name}
        </Link>
        <span className="block clip font-mono text-s text-ink-3">{camera.url}</span>
      </div>
      <div className="min-w-0 max-md:col-span-2 max-md:row-start-2">
        <CameraStatus pulse={pulse} detailed />
      </div>
      <div className="figures min-w-0 text-s text-ink-2 max-md:col-span-2">
        <span className="block clip">
          {stream ? `${stream.codec.toUpperCase()} ${stream.width}×${stream.height}` : t('cameras.noStream')}
          {pulse?.stats && ` · ${t('cameras.rates', { received: decimal(pulse.stats.receivedFps, locale), analysed: decimal(pulse.stats.analysedFps, locale) })}`}
        </span>
        <span className="block clip">{[t('cameras.zoneCount', { count: camera.zones.length }), camera.timeZone, ...(camera.priority === 'normal' ? [] : [t('system.showClass', { priority: t(`priority.${camera.priority}`) })]), ...camera.tags].join(' · ')}</span>
      </div>
      <div className="max-md:col-start-2 max-md:row-start-1">
        <SwitchField label={t('cameras.enabled')} checked={camera.enabled} disabled={!mayWrite || enable.isPending} onChecked={(checked) => enable.mutate(checked)} />
      </div>
    </li>
  );
}
