import { RolloutSettings, type CameraId, type ModelId, type ModelSummary, type PipelineView } from '@argus/contracts';
import { FlaskConical, X } from 'lucide-react';
import { useState } from 'react';
import { useAction, useAll } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button } from '../../../ui/button.js';
import { CheckField, NumberField, SelectField } from '../../../ui/field.js';

interface RolloutFormProps {
  readonly pipeline: PipelineView;
  readonly models: readonly ModelSummary[];
  readonly blocked: boolean;
  readonly why: string | undefined;
}

const STALE = ['listPipelines', 'getSystem'] as const;

/** Which detector is tried, on how many frames, and on which cameras it already serves. */
export function RolloutForm({ pipeline, models, blocked, why }: RolloutFormProps) {
  const { t } = useI18n();
  const { rollout } = pipeline;
  const candidates = models.filter((model) => model.task === 'detect' && model.id !== pipeline.detector);
  const [draft, setDraft] = useState<RolloutSettings>(rollout ?? { candidate: '' as ModelId, shadowShare: 0.1, canaryCameraIds: [] });
  const candidate = draft.candidate || ((candidates[0]?.id ?? '') as ModelId);
  const params = { id: pipeline.id };
  const start = useAction(() => client.call('startRollout', { params, body: { ...draft, candidate } }), { refresh: STALE, said: (saved) => t('rollout.started', { model: candidate, name: saved.name }) });
  const end = useAction(() => client.call('endRollout', { params }), { refresh: STALE, said: (saved) => t('rollout.endedNow', { name: saved.name }) });
  if (!rollout && candidates.length === 0) return <p className="m-0 text-ink-2">{t('rollout.noCandidate')}</p>;
  const gone = rollout && !candidates.some((model) => model.id === rollout.candidate) ? [{ value: rollout.candidate as string, text: rollout.candidate as string }] : [];
  const fits = RolloutSettings.safeParse({ ...draft, candidate }).success;
  const changed = JSON.stringify(draft) !== JSON.stringify(rollout);
  return (
    <fieldset disabled={blocked} className="m-0 flex min-w-0 flex-col gap-3 border-0 p-0">
      <SelectField label={t('rollout.candidate')} value={candidate} onValue={(id) => setDraft({ ...draft, candidate: id as ModelId })} options={[...gone, ...candidates.map((model) => ({ value: model.id, text: `${model.id} · ${model.title} ${model.version}` }))]} />
      <NumberField
        label={t('rollout.share')}
        hint={t('rollout.shareHint')}
        unit="%"
        error={draft.shadowShare >= 0 && draft.shadowShare <= 1 ? undefined : t('rollout.shareWanted')}
        value={Math.round(draft.shadowShare * 1000) / 10}
        min={0}
        max={100}
        step="any"
        onValue={(value) => setDraft({ ...draft, shadowShare: (value ?? 0) / 100 })}
      />
      <CanaryChoice pipeline={pipeline} chosen={draft.canaryCameraIds} onChosen={(canaryCameraIds) => setDraft({ ...draft, canaryCameraIds })} />
      <div className="flex flex-wrap gap-2">
        {(!rollout || changed) && (
          <Button icon={FlaskConical} busy={start.isPending} disabled={!fits} title={why} onClick={() => start.mutate()}>
            {t(rollout ? 'rollout.change' : 'rollout.start')}
          </Button>
        )}
        {rollout && (
          <Button icon={X} busy={end.isPending} title={why} onClick={() => end.mutate()}>
            {t('rollout.end')}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

/** Cameras of this pipeline, and those that are chosen although they have another by now. */
function CanaryChoice({ pipeline, chosen, onChosen }: { pipeline: PipelineView; chosen: readonly CameraId[]; onChosen: (ids: CameraId[]) => void }) {
  const { t } = useI18n();
  const [open, setOpen] = useState(chosen.length > 0);
  const cameras = useAll('listCameras').data ?? [];
  const offered = cameras.filter((camera) => chosen.includes(camera.id) || camera.pipelineId === pipeline.id || (pipeline.isDefault && camera.pipelineId === null));
  if (offered.length === 0) return <p className="m-0 text-s text-ink-3">{t('rollout.noCameras')}</p>;
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} className="rounded-m border border-line">
      <summary className="min-h-9 px-3 py-2 text-s text-ink-2">
        {t('rollout.canaries')} · {t('rollout.canaryCount', { count: chosen.length })}
      </summary>
      <div className="flex max-h-60 flex-col overflow-auto px-3 pb-2">
        <p className="m-0 text-s text-ink-3">{t('rollout.canariesHint')}</p>
        {offered.map((camera) => (
          <CheckField key={camera.id} label={camera.name} checked={chosen.includes(camera.id)} onChecked={(on) => onChosen(on ? [...chosen, camera.id] : chosen.filter((id) => id !== camera.id))} />
        ))}
      </div>
    </details>
  );
}
