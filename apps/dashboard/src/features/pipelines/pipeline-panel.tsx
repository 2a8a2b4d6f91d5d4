import { PipelineSettings, type ModelId, type Pipeline } from '@argus/contracts';
import { Plus, Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../app/account.js';
import { useAction, useAll } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { problemsOf } from '../../forms/problems.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { NumberField, SelectField, SwitchField, TextField } from '../../ui/field.js';
import { SidePanel } from '../../ui/side-panel.js';
import { RouteEditor } from './route-editor.js';

function settingsOf(pipeline: Pipeline): PipelineSettings {
  const { id: _id, isDefault: _isDefault, createdAt: _createdAt, updatedAt: _updatedAt, ...settings } = pipeline;
  return settings;
}

/** One pipeline: detector, route table, motion gate. A model that is no longer there stays chosen until another is. */
export function PipelinePanel({ pipeline, onClose }: { pipeline: Pipeline | null; onClose: () => void }) {
  const { t } = useI18n();
  const can = useCan();
  const mayWrite = can('pipeline.write');
  const models = useAll('listModels', { enabled: can('model.read') }).data ?? [];
  const detectors = models.filter((model) => model.task === 'detect');
  const [edited, setDraft] = useState<PipelineSettings | null>(() => (pipeline ? settingsOf(pipeline) : null));
  const first = (detectors[0]?.id ?? '') as ModelId;
  const draft = edited ?? { name: '', detector: first, minScore: null, analysisFps: 5, gate: PipelineSettings.shape.gate.parse(undefined), routes: [], flow: PipelineSettings.shape.flow.parse(undefined), tiling: null, rollout: null };
  const [tried, setTried] = useState(false);
  const problems = tried ? problemsOf(PipelineSettings, draft) : {};
  const save = useAction(() => (pipeline ? client.call('updatePipeline', { params: { id: pipeline.id }, body: draft }) : client.call('createPipeline', { body: draft })), {
    refresh: ['listPipelines'],
    said: (saved) => t('pipelines.saved', { name: saved.name }),
    onDone: onClose,
  });
  const onSave = () => {
    setTried(true);
    if (Object.keys(problemsOf(PipelineSettings, draft)).length === 0) save.mutate();
  };
  const classifiers = models.filter((model) => model.task === 'classify');
  const labels = models.find((model) => model.id === draft.detector)?.labels ?? [];
  const gate = (change: Partial<PipelineSettings['gate']>) => setDraft({ ...draft, gate: { ...draft.gate, ...change } });
  const known = detectors.some((model) => model.id === draft.detector) ? [] : [{ value: draft.detector, text: draft.detector }];
  return (
    <SidePanel wide title={pipeline ? pipeline.name : t('pipelines.add')} onClose={onClose} actions={pipeline && !pipeline.isDefault && mayWrite && <DeletePipeline pipeline={pipeline} onDone={onClose} />}>
      <form
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
        }}
      >
        <fieldset disabled={!mayWrite} className="m-0 flex min-w-0 flex-col gap-5 border-0 p-0">
          <TextField label={t('pipelines.name')} value={draft.name} onValue={(name) => setDraft({ ...draft, name })} error={problems['name'] && t('ui.nameWanted')} />
          <SelectField label={t('pipelines.detector')} hint={t('pipelines.detectorHint')} error={problems['detector']} value={draft.detector} onValue={(id) => setDraft({ ...draft, detector: id as ModelId })} options={[...known, ...detectors.map((model) => ({ value: model.id, text: `${model.title} ${model.version}` }))]} />
          <NumberField label={t('pipelines.minScore')} hint={t('pipelines.minScoreHint')} error={problems['minScore']} value={draft.minScore} min={0.01} max={1} step={0.01} placeholder={t('pipelines.ofModel')} onValue={(minScore) => setDraft({ ...draft, minScore })} />
          <NumberField label={t('cameras.analysisFps')} hint={t('cameras.analysisFpsHint')} unit={t('ui.perSecond')} error={problems['analysisFps']} value={draft.analysisFps} min={0.1} max={60} step="any" onValue={(value) => setDraft({ ...draft, analysisFps: value ?? 0 })} />
          <section aria-label={t('pipelines.routes')} className="flex flex-col gap-3">
            <div>
              <h3 className="m-0 text-m font-semibold">{t('pipelines.routes')}</h3>
              <p className="m-0 text-s text-ink-3">{t('pipelines.routesHint')}</p>
            </div>
            {draft.routes.map((route, index) => (
              <RouteEditor
                key={index}
                number={index + 1}
                route={route}
                labels={labels}
                classifiers={classifiers}
                problem={problems[`routes.${index}.labels`] ?? problems[`routes.${index}.attribute`] ?? problems[`routes.${index}.model`]}
                onRoute={(next) => setDraft({ ...draft, routes: draft.routes.with(index, next) })}
                onRemove={() => setDraft({ ...draft, routes: draft.routes.toSpliced(index, 1) })}
              />
            ))}
            <div>
              <Button icon={Plus} onClick={() => setDraft({ ...draft, routes: [...draft.routes, newRoute((classifiers[0]?.id ?? '') as ModelId)] })}>
                {t('pipelines.addRoute')}
              </Button>
            </div>
          </section>
          <section aria-label={t('pipelines.gate')} className="flex flex-col gap-3">
            <SwitchField label={t('pipelines.gate')} hint={t('pipelines.gateHint')} checked={draft.gate.enabled} onChecked={(enabled) => gate({ enabled })} disabled={!mayWrite} />
            {draft.gate.enabled && (
              <>
                <NumberField label={t('pipelines.threshold')} hint={t('pipelines.thresholdHint')} error={problems['gate.threshold']} value={draft.gate.threshold} min={0} max={1} step={0.0001} onValue={(value) => gate({ threshold: value ?? 0 })} />
                <NumberField label={t('pipelines.still')} unit={t('ui.seconds')} error={problems['gate.stillIntervalSeconds']} value={draft.gate.stillIntervalSeconds} min={0.2} step="any" onValue={(value) => gate({ stillIntervalSeconds: value ?? 0 })} />
                <NumberField label={t('pipelines.hold')} unit={t('ui.seconds')} error={problems['gate.holdSeconds']} value={draft.gate.holdSeconds} min={0} step="any" onValue={(value) => gate({ holdSeconds: value ?? 0 })} />
              </>
            )}
          </section>
        </fieldset>
        <Button type="submit" tone="primary" icon={Save} busy={save.isPending} disabled={!mayWrite} title={mayWrite ? undefined : t('ui.mayNot')}>
          {t('pipelines.save')}
        </Button>
      </form>
    </SidePanel>
  );
}

const newRoute = (model: ModelId): PipelineSettings['routes'][number] => ({ ...PipelineSettings.shape.routes.parse([{ labels: ['person'], model: model || 'model', attribute: 'attribute' }])[0], labels: ['person'], model, attribute: '' }) as PipelineSettings['routes'][number];

function DeletePipeline({ pipeline, onDone }: { pipeline: Pipeline; onDone: () => void }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => client.call('deletePipeline', { params: { id: pipeline.id } }), { refresh: ['listPipelines'], said: () => t('pipelines.deleted', { name: pipeline.name }), onDone });
  return (
    <>
      <Button icon={Trash2} onClick={() => setAsking(true)}>
        {t('ui.delete')}
      </Button>
      <ConfirmDialog open={asking} title={t('pipelines.deleteAsk', { name: pipeline.name })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={() => setAsking(false)}>
        {t('pipelines.deleteWhat')}
      </ConfirmDialog>
    </>
  );
}
