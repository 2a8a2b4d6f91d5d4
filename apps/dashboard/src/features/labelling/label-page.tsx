import type { Camera } from '@argus/contracts';
import { Lock, Video } from 'lucide-react';
import { useMemo } from 'react';
import { useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { useAddress } from '../timeline/use-address.js';
import { LabelDesk } from './label-desk.js';

/** Labels made from footage. Cameras, moment and set are in the URL. */
export function LabelPage() {
  const { t } = useI18n();
  const can = useCan();
  const isAllowed = can('recording.view') && can('dataset.write') && can('harvest.run');
  const cameras = useAll('listCameras', { enabled: isAllowed });
  const { address, change } = useAddress();
  const chosen = useMemo(() => ofAddress(cameras.data ?? [], address.cameraIds), [cameras.data, address.cameraIds]);
  const back = { to: '/timeline', text: t('nav.timeline') };
  if (!isAllowed) return <Page title={t('labelling.title')} back={back}><EmptyState icon={Lock} title={t('labelling.mayNot')}>{t('labelling.mayNotWhy')}</EmptyState></Page>;
  if (chosen.length > 0) return <LabelDesk cameras={chosen} address={address} change={change} />;
  return (
    <Page title={t('labelling.title')} back={back}>
      {cameras.isPending && <Skeleton rows={2} className="aspect-video max-h-80 w-full" />}
      {cameras.isError && <ErrorNotice error={cameras.error} onRetry={() => void cameras.refetch()} />}
      {cameras.data && <EmptyState icon={Video} title={t('labelling.noCamera')}>{t('labelling.noCameraWhy')}</EmptyState>}
    </Page>
  );
}

/** Those of the address; else all that record. */
function ofAddress(cameras: readonly Camera[], asked: readonly string[] | null): Camera[] {
  if (asked) return asked.flatMap((id) => cameras.find((camera) => camera.id === id) ?? []);
  return cameras.filter(({ recording }) => recording.mode !== 'off');
}
