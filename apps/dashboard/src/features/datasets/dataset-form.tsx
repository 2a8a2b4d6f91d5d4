import { DatasetSettings, type Dataset } from '@argus/contracts';
import { Save } from 'lucide-react';
import { useId, useState } from 'react';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { problemsOf } from '../../forms/problems.js';
import { useI18n } from '../../i18n/i18n.js';
import { HelpButton } from '../../help/help-button.js';
import { Button } from '../../ui/button.js';
import { ChipsField } from '../../ui/chips-field.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { CONTROL, Field, NumberField, TextField } from '../../ui/field.js';
import { SidePanel } from '../../ui/side-panel.js';
import { GoalFields } from './goal-fields.js';

const LICENCES = ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'ODbL-1.0', 'LicenseRef-Internal'];

interface DatasetFormProps {
  /** null: a new one. */
  readonly dataset: Dataset | null;
  readonly onDone: (saved: Dataset) => void;
  readonly onClose: () => void;
}

/** What a person says of a set. */
export function DatasetForm({ dataset, onDone, onClose }: DatasetFormProps) {
  const { t } = useI18n();
  const [draft, setDraft] = useState(() => draftOf(dataset));
  const [tried, setTried] = useState(false);
  const licences = useId();
  const body: DatasetSettings = { ...draft, licence: draft.licence?.trim() || null };
  const problems = problemsOf(DatasetSettings, body);
  const save = useAction(() => (dataset ? client.call('updateDataset', { params: { id: dataset.id }, body }) : client.call('createDataset', { body })), {
    refresh: ['listDatasets', 'getDataset'],
    said: ({ name }) => t(dataset ? 'datasets.saved' : 'datasets.made', { name }),
    onDone,
    ownErrors: true,
  });
  const change = (part: Partial<DatasetSettings>) => setDraft({ ...draft, ...part });
  return (
    <SidePanel title={dataset ? t('datasets.editTitle', { name: dataset.name }) : t('datasets.new')} onClose={onClose} actions={<HelpButton topic="set" />}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (Object.keys(problems).length === 0) save.mutate();
        }}
      >
        <TextField label={t('datasets.name')} error={tried && problems['name'] ? t('ui.nameWanted') : undefined} value={draft.name} onValue={(name) => change({ name })} maxLength={200} autoFocus />
        <Field label={t('datasets.note')}>{(control) => <textarea {...control} rows={3} maxLength={4000} className={CONTROL} value={draft.note} onChange={(event) => change({ note: event.target.value })} />}</Field>
        <TextField label={t('datasets.licence')} hint={t('datasets.licenceHint')} value={draft.licence ?? ''} onValue={(licence) => change({ licence })} maxLength={200} list={licences} />
        <datalist id={licences}>
          {LICENCES.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <TextField label={t('datasets.source')} hint={t('datasets.sourceHint')} value={draft.source} onValue={(source) => change({ source })} maxLength={1000} />
        <NumberField
          label={t('datasets.retention')}
          hint={t('datasets.retentionHint')}
          unit={t('datasets.days')}
          error={tried && problems['retentionDays'] ? t('datasets.retentionWanted') : undefined}
          value={draft.retentionDays}
          onValue={(retentionDays) => change({ retentionDays })}
          min={1}
          max={36_500}
        />
        <ChipsField label={t('datasets.tags')} values={draft.tags} onValues={(tags) => change({ tags })} />
        <GoalFields goal={draft.goal} labels={Object.keys(dataset?.counts.labels ?? {})} errors={tried ? problems : {}} onGoal={(goal) => change({ goal })} />
        {save.isError && <ErrorNotice error={save.error} />}
        <div>
          <Button type="submit" tone="primary" icon={Save} busy={save.isPending}>
            {t(dataset ? 'datasets.save' : 'datasets.make')}
          </Button>
        </div>
      </form>
    </SidePanel>
  );
}

function draftOf(dataset: Dataset | null): DatasetSettings {
  if (!dataset) return { name: '', note: '', licence: null, source: '', retentionDays: null, tags: [], goal: null };
  const { name, note, licence, source, retentionDays, tags, goal } = dataset;
  return { name, note, licence, source, retentionDays, tags, goal };
}
