import { RecordingLimits } from '@argus/contracts';
import { Save, Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useAccount, useCan } from '../../../app/account.js';
import { useAction, useAll, useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { refusedFields } from '../../../forms/problems.js';
import { formatBytes, percent } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button } from '../../../ui/button.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { NumberField } from '../../../ui/field.js';
import { LeaveGuard } from '../../../ui/leave-guard.js';
import { Page, Section } from '../../../ui/page.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useSystemTabs } from '../system-tabs.js';
import { GIGABYTE, MEGABYTE, limitProblems, tagCounts, type LimitsDraft } from './limits-draft.js';
import { TagLimits } from './tag-limits.js';

/** How much footage of several cameras together is kept, and how fast it goes to the second tier. */
export function LimitsPage() {
  const { t } = useI18n();
  const tabs = useSystemTabs();
  const limits = useCall('getRecordingLimits', {});
  if (limits.data) return <LimitsEditor key={JSON.stringify(limits.data)} saved={limits.data} />;
  return (
    <Page title={t('nav.system')} tabs={tabs}>
      {limits.isPending && <Skeleton />}
      {limits.isError && <ErrorNotice error={limits.error} onRetry={() => void limits.refetch()} />}
    </Page>
  );
}

function LimitsEditor({ saved }: { saved: RecordingLimits }) {
  const { t } = useI18n();
  const can = useCan();
  const { cameraScope } = useAccount();
  const tabs = useSystemTabs();
  const readOnly = !can('recording.manage') || cameraScope !== null;
  const cameras = useAll('listCameras').data;
  const known = useMemo(() => (cameras ? tagCounts(cameras) : null), [cameras]);
  const [draft, setDraft] = useState<LimitsDraft>(saved);
  const [tried, setTried] = useState(false);
  const save = useAction((limits: RecordingLimits) => client.call('updateRecordingLimits', { body: limits }), { refresh: ['getRecordingLimits'], said: () => t('limits.saved') });
  const dirty = JSON.stringify(draft) !== JSON.stringify(saved);
  const problems = limitProblems(draft);
  const refused = refusedFields(save.error);
  const problemOf = (path: string) => (tried ? (problems[path] ? t(problems[path]) : refused[path]) : undefined);
  const onSave = () => {
    setTried(true);
    if (Object.keys(problems).length === 0) save.mutate(RecordingLimits.parse(draft));
  };
  const undo = () => {
    setDraft(saved);
    setTried(false);
    save.reset();
  };
  return (
    <Page
      title={t('nav.system')}
      tabs={tabs}
      action={
        !readOnly && (
          <>
            {dirty && (
              <Button icon={Undo2} disabled={save.isPending} onClick={undo}>
                {t('limits.undo')}
              </Button>
            )}
            <Button tone="primary" icon={Save} busy={save.isPending} disabled={!dirty} onClick={onSave}>
              {t('limits.save')}
            </Button>
          </>
        )
      }
    >
      <LeaveGuard dirty={dirty && !readOnly && !save.isPending && !save.isSuccess} />
      <div className="flex flex-col gap-3 p-4 pb-0">
        <p className="m-0 max-w-180 text-ink-2">{t('limits.what')}</p>
        {readOnly && <p className="m-0 max-w-180 text-s text-ink-3">{t(cameraScope === null ? 'limits.readOnly' : 'limits.readOnlyScope')}</p>}
      </div>
      <fieldset disabled={readOnly} className="m-0 min-w-0 border-0 p-0">
        <Section title={t('limits.all')}>
          <div className="max-w-90">
            <NumberField
              label={t('limits.keep')}
              hint={<DiskHint />}
              unit="GB"
              error={problemOf('keepBytes')}
              value={draft.keepBytes === null ? null : draft.keepBytes / GIGABYTE}
              onValue={(gigabytes) => setDraft({ ...draft, keepBytes: gigabytes === null ? null : Math.round(gigabytes * GIGABYTE) })}
              min={0.001}
              step="any"
              placeholder={t('recording.noLimit')}
            />
          </div>
        </Section>
        <Section title={t('limits.tags')}>
          <p className="m-0 max-w-180 text-s text-ink-3">{t('limits.tagsHint')}</p>
          <TagLimits draft={draft} problemOf={problemOf} readOnly={readOnly} known={known} onDraft={setDraft} />
        </Section>
        <Section title={t('limits.secondTier')}>
          <div className="max-w-90">
            <NumberField
              label={t('limits.speed')}
              hint={t('limits.speedHint')}
              unit="MB/s"
              error={problemOf('moveBytesPerSecond')}
              value={draft.moveBytesPerSecond === null ? null : draft.moveBytesPerSecond / MEGABYTE}
              onValue={(megabytes) => setDraft({ ...draft, moveBytesPerSecond: megabytes === null ? null : Math.round(megabytes * MEGABYTE) })}
              min={0.01}
              step="any"
              placeholder={t('recording.noLimit')}
            />
          </div>
        </Section>
      </fieldset>
    </Page>
  );
}

/** What the limit is to be compared with. */
function DiskHint() {
  const { t, locale } = useI18n();
  const disk = useCall('getSystem', {}, { refetchInterval: 20_000 }).data?.recordings.disk;
  if (!disk || disk.bytes === 0) return t('limits.allHint');
  return `${t('limits.allHint')} ${t('limits.disk', { size: formatBytes(disk.bytes, locale), percent: percent(disk.usedBytes / disk.bytes, locale) })}`;
}
