import { DATASET_FORMATS, DatasetJobOptions, REDACTIONS, type Dataset } from '@argus/contracts';
import { Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useCan } from '../../../app/account.js';
import { refresh, useAction, useAll } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { problemsOf, refusedFields } from '../../../forms/problems.js';
import { HelpButton } from '../../../help/help-button.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button } from '../../../ui/button.js';
import { ChipsField } from '../../../ui/chips-field.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { CheckField, NumberField, SelectField, SwitchField, TextField } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { SidePanel } from '../../../ui/side-panel.js';
import { JOB_KINDS, newJob, type JobDraft, type JobKind } from './job-draft.js';

interface JobFormProps {
  readonly dataset: Dataset;
  /** What it begins with. */
  readonly kind?: JobKind | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** What is to be done with the whole set. */
export function JobForm({ dataset, kind: first = 'pick-diverse', onDone, onClose }: JobFormProps) {
  const { t } = useI18n();
  const can = useCan();
  const models = useAll('listModels', { enabled: can('model.read') }).data;
  const detectors = (models ?? []).filter(({ task, state }) => task === 'detect' && state !== 'refused');
  const [chosen, setDraft] = useState<JobDraft | null>(null);
  // What is warned of is counted in it, and a job may have changed it since the page was opened.
  useEffect(() => refresh(['getDataset']), []);
  const kinds = JOB_KINDS.filter((kind) => kind !== 'export' || can('dataset.export'));
  const detector = detectors[0]?.id ?? null;
  const names = { crops: t('setJobs.cropsName', { name: dataset.name }), redacted: t('setJobs.redactedName', { name: dataset.name }) };
  const draft = chosen ?? newJob(first, { names, detector });
  const problems = problemsOf(DatasetJobOptions, draft);
  const begin = useAction(() => client.call('createDatasetJob', { params: { id: dataset.id }, body: draft }), { refresh: ['listDatasetJobs'], said: () => t('setJobs.begun', { kind: t(`setJobs.kind.${draft.kind}`) }), onDone, ownErrors: true });
  // What the contract says of no model at all helps nobody.
  const lacking: Record<string, string> = problems['model'] && models && detectors.length === 0 ? { model: t('setJobs.noDetector') } : {};
  const errors = { ...problems, ...lacking, ...refusedFields(begin.error) };
  return (
    <SidePanel title={t('setJobs.new')} onClose={onClose} actions={<HelpButton topic={`job.${draft.kind}`} />}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (Object.keys(problems).length === 0) begin.mutate();
        }}
      >
        <SelectField label={t('setJobs.what')} hint={t(`setJobs.why.${draft.kind}`)} value={draft.kind} onValue={(kind) => setDraft(newJob(kind as JobKind, { names, detector }))} options={kinds.map((kind) => ({ value: kind, text: t(`setJobs.kind.${kind}`) }))} />
        <JobFields draft={draft} onDraft={setDraft} errors={errors} detectors={detectors.map(({ id, title }) => ({ value: id as string, text: title }))} dataset={dataset} />
        {begin.error && <ErrorNotice error={begin.error} />}
        <Button data-guide="job" type="submit" tone="primary" icon={Play} busy={begin.isPending} disabled={Object.keys(problems).length > 0}>
          {t('setJobs.begin')}
        </Button>
      </form>
    </SidePanel>
  );
}

interface FieldsProps {
  readonly draft: JobDraft;
  readonly onDraft: (draft: JobDraft) => void;
  readonly errors: Readonly<Record<string, string>>;
  readonly detectors: readonly { readonly value: string; readonly text: string }[];
  readonly dataset: Dataset;
}

function JobFields({ draft, onDraft, errors, detectors, dataset }: FieldsProps) {
  const { t } = useI18n();
  const model = (value: string | null, change: (id: string) => void, none?: string) => (
    <SelectField label={t('setJobs.model')} error={errors['model']} value={value ?? ''} onValue={change} options={none === undefined ? detectors : [{ value: '', text: none }, ...detectors]} />
  );
  switch (draft.kind) {
    case 'pick-diverse':
      return (
        <>
          <NumberField label={t('setJobs.count')} error={errors['count']} min={1} max={20_000} value={draft.count} onValue={(count) => onDraft({ ...draft, count: count ?? 0 })} />
          <NumberField label={t('setJobs.perGroup')} hint={t('setJobs.perGroupHint')} error={errors['perGroup']} min={1} value={draft.perGroup} onValue={(perGroup) => onDraft({ ...draft, perGroup })} />
        </>
      );
    case 'find-duplicates':
      return (
        <>
          <SelectField label={t('setJobs.how')} hint={t(`setJobs.howHint.${draft.how}`)} value={draft.how} onValue={(how) => onDraft({ ...draft, how: how as typeof draft.how })} options={(['exact', 'near', 'semantic'] as const).map((value) => ({ value, text: t(`setJobs.how.${value}`) }))} />
          <SwitchField label={t('setJobs.remove')} hint={t('setJobs.removeHint')} checked={draft.remove} onChecked={(remove) => onDraft({ ...draft, remove })} />
        </>
      );
    case 'auto-label':
      return (
        <>
          {model(draft.model, (id) => onDraft({ ...draft, model: id as typeof draft.model }))}
          {detectors.filter(({ value }) => value !== draft.model).map(({ value, text }) => (
            <CheckField key={value} label={`${t('setJobs.also')} ${text}`} checked={draft.also.some((id) => id === value)} onChecked={(on) => onDraft({ ...draft, also: on ? [...draft.also, value as typeof draft.model] : draft.also.filter((id) => id !== value) })} />
          ))}
          <NumberField label={t('setJobs.minScore')} hint={t('setJobs.minScoreHint')} error={errors['minScore']} min={0.01} max={1} step={0.05} value={draft.minScore} onValue={(minScore) => onDraft({ ...draft, minScore })} />
          <ChipsField label={t('setJobs.onlyLabels')} hint={t('setJobs.onlyLabelsHint')} values={Object.keys(draft.labels)} onValues={(names) => onDraft({ ...draft, labels: Object.fromEntries(names.map((name) => [name, draft.labels[name] ?? name])) })} />
          <SwitchField label={t('setJobs.skipReviewed')} hint={t('setJobs.skipReviewedHint')} checked={draft.skipReviewed} onChecked={(skipReviewed) => onDraft({ ...draft, skipReviewed })} />
        </>
      );
    case 'split': {
      const { shares } = draft;
      return (
        <>
          {(['train', 'val', 'test'] as const).map((split) => (
            <NumberField key={split} label={t(`setJobs.share.${split}`)} unit="%" min={0} max={100} error={split === 'train' ? errors['shares'] : undefined} value={Math.round(shares[split] * 100)} onValue={(percent) => onDraft({ ...draft, shares: { ...shares, [split]: Math.min(1, Math.max(0, (percent ?? 0) / 100)) } })} />
          ))}
          <SwitchField label={t('setJobs.linked')} hint={t('setJobs.linkedHint')} checked={draft.linked} onChecked={(linked) => onDraft({ ...draft, linked })} />
        </>
      );
    }
    case 'grade':
      return (
        <>
          {model(draft.model, (id) => onDraft({ ...draft, model: id === '' ? null : (id as NonNullable<typeof draft.model>) }), t('setJobs.noModel'))}
          <NumberField label={t('setJobs.wantedScenes')} error={errors['scenes']} min={1} value={draft.scenes} onValue={(scenes) => onDraft({ ...draft, scenes: scenes ?? 0 })} />
          <div className="grid grid-cols-2 items-start gap-3">
            <NumberField label={t('setJobs.generalScenes')} error={errors['rules.general.scenes']} min={1} value={draft.rules.general.scenes} onValue={(scenes) => onDraft({ ...draft, rules: { ...draft.rules, general: { ...draft.rules.general, scenes: scenes ?? 0 } } })} />
            <NumberField label={t('setJobs.generalBoxes')} error={errors['rules.general.boxes']} min={1} value={draft.rules.general.boxes} onValue={(boxes) => onDraft({ ...draft, rules: { ...draft.rules, general: { ...draft.rules.general, boxes: boxes ?? 0 } } })} />
          </div>
        </>
      );
    case 'regroup':
      return (
        <>
          <TextField label={t('setJobs.newName')} error={errors['name']} value={draft.name} onValue={(name) => onDraft({ ...draft, name })} maxLength={200} />
          <NumberField label={t('setJobs.reach')} hint={t('setJobs.reachHint')} unit="%" error={errors['reach']} min={0} max={1000} step={5} value={Math.round(draft.reach * 100)} onValue={(value) => onDraft({ ...draft, reach: (value ?? 0) / 100 })} />
          <NumberField label={t('setJobs.margin')} hint={t('setJobs.marginHint')} unit="%" error={errors['margin']} min={0} max={1000} step={5} value={Math.round(draft.margin * 100)} onValue={(value) => onDraft({ ...draft, margin: (value ?? 0) / 100 })} />
          <NumberField label={t('setJobs.ratio')} hint={t('setJobs.ratioHint')} error={errors['ratio']} min={0.1} max={10} step={0.1} value={draft.ratio} onValue={(ratio) => onDraft({ ...draft, ratio })} />
        </>
      );
    case 'redact':
      return (
        <>
          <TextField label={t('setJobs.newName')} error={errors['name']} value={draft.name} onValue={(name) => onDraft({ ...draft, name })} maxLength={200} />
          {model(draft.model, (id) => onDraft({ ...draft, model: id as typeof draft.model }))}
          <SwitchField label={t('setJobs.heads')} checked={draft.heads} onChecked={(heads) => onDraft({ ...draft, heads })} />
          <ChipsField label={t('setJobs.redactLabels')} hint={errors['labels'] ?? t('setJobs.redactLabelsHint')} values={draft.labels} onValues={(labels) => onDraft({ ...draft, labels: [...labels] })} />
          <SelectField label={t('setJobs.how')} value={draft.how} onValue={(how) => onDraft({ ...draft, how: how as typeof draft.how })} options={REDACTIONS.map((value) => ({ value, text: t(`setJobs.redact.${value}`) }))} />
        </>
      );
    case 'export':
      return (
        <>
          <SelectField label={t('setJobs.format')} value={draft.format} onValue={(format) => onDraft({ ...draft, format: format as typeof draft.format })} options={DATASET_FORMATS.map((value) => ({ value, text: t(`setJobs.format.${value}`) }))} />
          <SwitchField label={t('setJobs.includeUnreviewed')} hint={t('setJobs.includeUnreviewedHint')} checked={!draft.reviewedOnly} onChecked={(included) => onDraft({ ...draft, reviewedOnly: !included })} />
          <UnreviewedNotice dataset={dataset} draft={draft} />
          {draft.reviewedOnly && <SwitchField label={t('setJobs.ignoreUnreviewed')} hint={t('setJobs.ignoreUnreviewedHint')} checked={draft.ignoreUnreviewed} onChecked={(ignoreUnreviewed) => onDraft({ ...draft, ignoreUnreviewed })} />}
          <SwitchField label={t('setJobs.completeOnly')} checked={draft.completeOnly} onChecked={(completeOnly) => onDraft({ ...draft, completeOnly })} />
          <SwitchField label={t('setJobs.public')} hint={t('setJobs.publicHint')} checked={draft.audience === 'public'} onChecked={(isPublic) => onDraft({ ...draft, audience: isPublic ? 'public' : 'private' })} />
          {!draft.completeOnly && dataset.counts.complete < dataset.counts.samples && <Notice tone="caution" title={t('setJobs.incomplete', { count: dataset.counts.samples - dataset.counts.complete })} lines={[t('setJobs.incompleteWhy')]} />}
          {draft.audience === 'public' && dataset.licence === null && <Notice tone="caution" title={t('setJobs.licenceWanted')} lines={[]} />}
        </>
      );
    case 'version':
      return <TextField label={t('setJobs.message')} error={errors['message']} value={draft.message} onValue={(message) => onDraft({ ...draft, message })} maxLength={1000} />;
  }
}

/** How many labels stay behind, before anything is begun. */
function UnreviewedNotice({ dataset: { counts, unreviewed }, draft: { reviewedOnly, ignoreUnreviewed } }: { readonly dataset: Dataset; readonly draft: Extract<JobDraft, { kind: 'export' }> }) {
  const { t } = useI18n();
  if (!reviewedOnly || unreviewed === 0) return null;
  if (unreviewed === counts.annotations && !ignoreUnreviewed) return <Notice tone="caution" title={t('setJobs.nothingReviewed', { count: unreviewed })} lines={[t('setJobs.nothingReviewedWhat')]} />;
  return <Notice tone="caution" title={t(ignoreUnreviewed ? 'setJobs.unreviewedIgnored' : 'setJobs.unreviewedLeft', { count: unreviewed })} lines={[t('setJobs.unreviewedWhat')]} />;
}
