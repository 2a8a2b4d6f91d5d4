import type { ModelSummary, PipelineView } from '@argus/contracts';
import { Rocket, Undo2 } from 'lucide-react';
import { useAction, useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { useI18n } from '../../../i18n/i18n.js';
import { warningText } from '../../../i18n/warning-text.js';
import { Button } from '../../../ui/button.js';
import { FormPart } from '../../../ui/form-part.js';
import { Notice } from '../../../ui/notice.js';
import { RolloutFigures } from './rollout-figures.js';
import { RolloutForm } from './rollout-form.js';

interface RolloutPartProps {
  readonly pipeline: PipelineView;
  readonly models: readonly ModelSummary[];
  readonly readOnly: boolean;
  /** The form above holds changes that these buttons would throw away. */
  readonly unsaved: boolean;
}

const STALE = ['listPipelines', 'getSystem'] as const;

/** Another detector on trial: start, look at the agreement, promote or end; and the way back. */
export function RolloutPart({ pipeline, models, readOnly, unsaved }: RolloutPartProps) {
  const { t } = useI18n();
  const compute = useCall('getSystem', {}, { refetchInterval: 20_000 }).data?.compute;
  const params = { id: pipeline.id };
  const promote = useAction(() => client.call('promoteCandidate', { params }), { refresh: STALE, said: (saved) => t('rollout.promoted', { model: saved.detector, name: saved.name }) });
  const rollBack = useAction(() => client.call('rollBackPipeline', { params }), { refresh: STALE, said: (saved) => t('rollout.rolledBack', { model: saved.detector, name: saved.name }) });
  const blocked = readOnly || unsaved;
  const why = readOnly ? t('ui.mayNot') : unsaved ? t('rollout.saveFirst') : undefined;
  const { rollout, previousDetector } = pipeline;
  return (
    <div className="flex flex-col gap-4 border-t border-line pt-5">
      <FormPart title={t('rollout.title')} hint={t('rollout.hint')}>
        {pipeline.warnings.length > 0 && <Notice tone="caution" title={t('rollout.warnings')} lines={pipeline.warnings.map((warning) => warningText(warning, t))} />}
        <RolloutForm pipeline={pipeline} models={models} blocked={blocked} why={why} />
        {rollout && compute?.load && compute.load.shedding !== 'none' && <p className="m-0 rounded-m bg-caution-soft p-3">{t('rollout.waits')}</p>}
        {rollout && <RolloutFigures detector={pipeline.detector} candidate={rollout.candidate} stats={compute?.rollouts.find((one) => one.pipelineId === pipeline.id && one.candidate === rollout.candidate)} runs={compute?.runs ?? []} />}
        {unsaved && !readOnly && <p className="m-0 text-s text-caution">{t('rollout.saveFirst')}</p>}
        <div className="flex flex-wrap gap-2">
          {rollout && (
            <Button icon={Rocket} tone="primary" busy={promote.isPending} disabled={blocked} title={why} onClick={() => promote.mutate()}>
              {t('rollout.promote', { model: rollout.candidate })}
            </Button>
          )}
          {previousDetector && (
            <Button icon={Undo2} busy={rollBack.isPending} disabled={blocked} title={why} onClick={() => rollBack.mutate()}>
              {t('rollout.rollBack', { model: previousDetector })}
            </Button>
          )}
        </div>
      </FormPart>
    </div>
  );
}
