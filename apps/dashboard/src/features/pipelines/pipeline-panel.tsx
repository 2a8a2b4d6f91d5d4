import { PipelineSettings, type ModelId, type ModelSummary, type PipelineView } from '@argus/contracts';
import { Save } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../app/account.js';
import { useAction, useAll } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { problemsOf } from '../../forms/problems.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { SidePanel } from '../../ui/side-panel.js';
import { DeletePipeline } from './delete-pipeline.js';
import { DetectorFields } from './detector-fields.js';
import type { DraftFields } from './draft-fields.js';
import { FlowFields } from './flow-fields.js';
import { GateFields } from './gate-fields.js';
import { emptyPipeline, settingsOf } from './pipeline-draft.js';
import { RouteTable } from './route-table.js';
import { TilingFields } from './tiling-fields.js';
import { RolloutPart } from './rollout/rollout-part.js';

/** One pipeline: its settings, saved together, and below them the trial of another detector, whose buttons act at once. */
export function PipelinePanel({ pipeline, onClose }: { pipeline: PipelineView | null; onClose: () => void }) {
  const { t } = useI18n();
  const can = useCan();
  const mayWrite = can('pipeline.write');
  const models = useAll('listModels', { enabled: can('model.read') }).data ?? [];
  const [edited, setEdited] = useState<string | null>(null);
  // What is stored now is what the form starts from again after every change, its own and those of others.
  const version = pipeline?.updatedAt ?? 'new';
  return (
    <SidePanel wide title={pipeline ? pipeline.name : t('pipelines.add')} onClose={onClose} actions={pipeline && !pipeline.isDefault && mayWrite && <DeletePipeline pipeline={pipeline} onDone={onClose} />}>
      <div className="flex flex-col gap-6">
        <PipelineForm key={version} pipeline={pipeline} models={models} readOnly={!mayWrite} onEdited={() => setEdited(version)} {...(pipeline ? {} : { onSaved: onClose })} />
        {pipeline && <RolloutPart key={`trial ${version}`} pipeline={pipeline} models={models} readOnly={!mayWrite} unsaved={edited === version} />}
      </div>
    </SidePanel>
  );
}

interface PipelineFormProps {
  readonly pipeline: PipelineView | null;
  readonly models: readonly ModelSummary[];
  readonly readOnly: boolean;
  readonly onEdited: () => void;
  readonly onSaved?: () => void;
}

function PipelineForm({ pipeline, models, readOnly, onEdited, onSaved }: PipelineFormProps) {
  const { t } = useI18n();
  const detectors = models.filter((model) => model.task === 'detect');
  const [edited, setDraft] = useState<PipelineSettings | null>(() => (pipeline ? settingsOf(pipeline) : null));
  const draft = edited ?? emptyPipeline((detectors[0]?.id ?? '') as ModelId);
  const [tried, setTried] = useState(false);
  const save = useAction(() => (pipeline ? client.call('updatePipeline', { params: { id: pipeline.id }, body: draft }) : client.call('createPipeline', { body: draft })), {
    refresh: ['listPipelines', 'getSystem'],
    said: (saved) => t('pipelines.saved', { name: saved.name }),
    ...(onSaved ? { onDone: onSaved } : {}),
  });
  const onSave = () => {
    setTried(true);
    if (Object.keys(problemsOf(PipelineSettings, draft)).length === 0) save.mutate();
  };
  const onDraft = (next: PipelineSettings) => {
    setDraft(next);
    onEdited();
  };
  const fields: DraftFields = { draft, problems: tried ? problemsOf(PipelineSettings, draft) : {}, readOnly, onDraft };
  return (
    <form
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <fieldset disabled={readOnly} className="m-0 flex min-w-0 flex-col gap-6 border-0 p-0">
        <DetectorFields {...fields} detectors={detectors} />
        <RouteTable {...fields} labels={models.find((model) => model.id === draft.detector)?.labels ?? []} classifiers={models.filter((model) => model.task === 'classify')} />
        <GateFields {...fields} />
        <FlowFields {...fields} />
        <TilingFields {...fields} />
      </fieldset>
      <Button type="submit" tone="primary" icon={Save} busy={save.isPending} disabled={readOnly} title={readOnly ? t('ui.mayNot') : undefined}>
        {t('pipelines.save')}
      </Button>
    </form>
  );
}
