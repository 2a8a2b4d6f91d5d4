import { TuningProfile, type SavedTuning } from '@argus/contracts';
import { RotateCcw, Save } from 'lucide-react';
import { useState } from 'react';
import { useAccount, useCan } from '../../../app/account.js';
import { useAction, useAll, useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { problemsOf, refusedFields } from '../../../forms/problems.js';
import { useI18n } from '../../../i18n/i18n.js';
import { warningText } from '../../../i18n/warning-text.js';
import { Badge } from '../../../ui/badge.js';
import { Button } from '../../../ui/button.js';
import { ConfirmDialog } from '../../../ui/confirm-dialog.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { LeaveGuard } from '../../../ui/leave-guard.js';
import { Notice } from '../../../ui/notice.js';
import { Page, Section } from '../../../ui/page.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { Ago } from '../../../ui/when.js';
import { useSystemTabs } from '../system-tabs.js';
import { DeviceChoice } from './device-choice.js';
import { MeasuredList } from './measured-list.js';
import { ModelPlacement } from './model-placement.js';
import { TargetRates } from './target-rates.js';
import { automatic, isAutomatic, profileOf } from './tuning-draft.js';
import type { TuningFields } from './tuning-fields.js';

/** The machine's own profile: what a person pins, and what the engine chooses because nobody did. */
export function TuningPage() {
  const { t } = useI18n();
  const tabs = useSystemTabs();
  const tuning = useCall('getTuning', {});
  if (tuning.data) return <TuningEditor key={tuning.data.updatedAt} saved={tuning.data} />;
  return (
    <Page title={t('nav.system')} tabs={tabs}>
      {tuning.isPending && <Skeleton />}
      {tuning.isError && <ErrorNotice error={tuning.error} onRetry={() => void tuning.refetch()} />}
    </Page>
  );
}

function TuningEditor({ saved }: { saved: SavedTuning }) {
  const { t } = useI18n();
  const can = useCan();
  const { cameraScope } = useAccount();
  const tabs = useSystemTabs();
  const readOnly = !can('system.write') || cameraScope !== null;
  const compute = useCall('getSystem', {}, { refetchInterval: 20_000 }).data?.compute;
  const models = useAll('listModels', { enabled: can('model.read') }).data ?? [];
  const [draft, setDraft] = useState<TuningProfile>(() => profileOf(saved));
  const [tried, setTried] = useState(false);
  const save = useAction((profile: TuningProfile) => client.call('updateTuning', { body: profile }), { refresh: ['getTuning', 'getSystem'], said: (kept) => t(isAutomatic(kept) ? 'tuning.resetDone' : 'tuning.saved') });
  const dirty = JSON.stringify(draft) !== JSON.stringify(profileOf(saved));
  const problems = tried ? { ...refusedFields(save.error), ...problemsOf(TuningProfile, draft) } : {};
  const onSave = () => {
    setTried(true);
    if (Object.keys(problemsOf(TuningProfile, draft)).length === 0) save.mutate(draft);
  };
  const fields: TuningFields = { draft, problems, readOnly, onDraft: setDraft };
  const devices = compute?.devices ?? [];
  return (
    <Page
      title={t('nav.system')}
      tabs={tabs}
      action={
        !readOnly && (
          <>
            {!isAutomatic(saved) && <ResetButton busy={save.isPending} onReset={() => save.mutate(automatic())} />}
            <Button tone="primary" icon={Save} busy={save.isPending} disabled={!dirty} onClick={onSave}>
              {t('tuning.save')}
            </Button>
          </>
        )
      }
    >
      <LeaveGuard dirty={dirty && !readOnly && !save.isPending && !save.isSuccess} />
      <div className="flex flex-col gap-3 p-4 pb-0">
        <p className="m-0 max-w-180 text-ink-2">{t('tuning.what')}</p>
        <p className="m-0 flex flex-wrap items-center gap-2 text-s text-ink-3">
          <Badge tone="calm">{t(isAutomatic(saved) ? 'tuning.automatic' : 'tuning.pinned')}</Badge>
          <span>
            {t('tuning.changed')} <Ago at={saved.updatedAt} />
          </span>
        </p>
        {saved.warnings.length > 0 && <Notice tone="caution" title={t('tuning.warnings')} lines={saved.warnings.map((warning) => warningText(warning, t))} />}
      </div>
      <fieldset disabled={readOnly} className="m-0 min-w-0 border-0 p-0">
        <Section title={t('tuning.placement')}>
          <p className="m-0 text-s text-ink-3">{t('tuning.placementHint')}</p>
          <ModelPlacement {...fields} models={models} devices={devices} runs={compute?.runs ?? []} />
          <MeasuredList measured={saved.measured ?? []} />
        </Section>
        <Section title={t('tuning.rates')}>
          <p className="m-0 text-s text-ink-3">{t('tuning.ratesHint')}</p>
          <TargetRates {...fields} />
        </Section>
        <Section title={t('tuning.reserved')}>
          <p className="m-0 text-s text-ink-3">{t('tuning.reservedHint')}</p>
          <DeviceChoice {...fields} devices={devices} />
        </Section>
      </fieldset>
    </Page>
  );
}

function ResetButton({ busy, onReset }: { busy: boolean; onReset: () => void }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon={RotateCcw} onClick={() => setAsking(true)}>
        {t('tuning.reset')}
      </Button>
      <ConfirmDialog open={asking} title={t('tuning.resetAsk')} confirm={t('tuning.reset')} busy={busy} onConfirm={() => (setAsking(false), onReset())} onClose={() => setAsking(false)}>
        {t('tuning.resetWhat')}
      </ConfirmDialog>
    </>
  );
}
