import type { Camera } from '@argus/contracts';
import { Lock, Video } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { CameraChoice } from './camera-choice.js';
import { TimelineDesk } from './timeline-desk.js';
import { useAddress } from './use-address.js';

const KEY = 'argus.timeline';
/** What is shown before anybody has chosen. */
const FIRST_COUNT = 4;

/** The past of one to sixteen cameras. Cameras, moment and zoom are in the URL. */
export function TimelinePage() {
  const { t } = useI18n();
  const can = useCan();
  const cameras = useAll('listCameras', { enabled: can('recording.view') });
  const { address, change } = useAddress();
  const chosen = useMemo(() => chooseCameras(cameras.data ?? [], address.cameraIds), [cameras.data, address.cameraIds]);
  const ids = chosen.map((camera) => camera.id).join(',');
  useEffect(() => {
    if (ids) localStorage.setItem(KEY, ids);
  }, [ids]);
  if (!can('recording.view')) return <Page title={t('nav.timeline')}><EmptyState icon={Lock} title={t('timeline.mayNot')}>{t('timeline.mayNotWhy')}</EmptyState></Page>;
  const choice = cameras.data && cameras.data.length > 0 && <CameraChoice cameras={cameras.data} chosen={chosen.map((camera) => camera.id)} onChosen={(next) => change({ camera: next.join(','), alone: null })} />;
  if (chosen.length > 0) return <TimelineDesk cameras={chosen} address={address} change={change} choice={choice} />;
  return (
    <Page title={t('nav.timeline')} action={choice}>
      {cameras.isPending && <Skeleton rows={2} className="aspect-video max-h-80 w-full" />}
      {cameras.isError && <ErrorNotice error={cameras.error} onRetry={() => void cameras.refetch()} />}
      {cameras.data && <NothingChosen cameras={cameras.data} asked={address.cameraIds !== null} />}
    </Page>
  );
}

function NothingChosen({ cameras, asked }: { cameras: readonly Camera[]; asked: boolean }) {
  const { t } = useI18n();
  const can = useCan();
  const [first] = cameras;
  if (!first) {
    return (
      <EmptyState icon={Video} title={t('live.empty')} action={can('camera.write') && <LinkButton to="/cameras/new">{t('cameras.add')}</LinkButton>}>
        {t('live.emptyWhy')}
      </EmptyState>
    );
  }
  if (asked) return <EmptyState icon={Video} title={t('timeline.noneChosen')}>{t('timeline.noneChosenWhy')}</EmptyState>;
  return (
    <EmptyState icon={Video} title={t('timeline.noneRecords')} action={can('camera.write') && <LinkButton to={`/cameras/${first.id}`}>{t('timeline.turnOnFor', { name: first.name })}</LinkButton>}>
      {t('timeline.noneRecordsWhy')}
    </EmptyState>
  );
}

/** Those of the address, in its order; else those of last time; else the first that record. */
function chooseCameras(cameras: readonly Camera[], asked: readonly string[] | null): Camera[] {
  const byIds = (ids: readonly string[]) => ids.flatMap((id) => cameras.find((camera) => camera.id === id) ?? []);
  if (asked) return byIds(asked);
  const last = byIds((localStorage.getItem(KEY) ?? '').split(','));
  const recording = cameras.filter((camera) => camera.recording.mode !== 'off').sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const remembered = last.filter((camera) => recording.includes(camera));
  return remembered.length > 0 ? last : recording.slice(0, FIRST_COUNT);
}
