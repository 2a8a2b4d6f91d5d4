import { EVENT_KINDS, RuleSettings, type CameraId, type Rule } from '@argus/contracts';
import { Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../app/account.js';
import { useAction, useAll } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { problemsOf } from '../../forms/problems.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { Button } from '../../ui/button.js';
import { ChipsField } from '../../ui/chips-field.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { CheckField, SelectField, SwitchField, TextField } from '../../ui/field.js';
import { SidePanel } from '../../ui/side-panel.js';
import { ConditionForm } from './condition-form.js';
import { changeKind, settingsOf, startRule, type ConditionKind } from './rule-draft.js';
import { ruleSummary } from './rule-summary.js';
import { RuleTiming } from './rule-timing.js';
import { ScheduleEditor } from './schedule-editor.js';

/** One rule: what, where, when; the whole of it in a sentence at the top. */
export function RulePanel({ rule, onClose }: { rule: Rule | null; onClose: () => void }) {
  const { t, locale } = useI18n();
  const can = useCan();
  const [draft, setDraft] = useState<RuleSettings>(() => (rule ? settingsOf(rule) : startRule('zone')));
  const [tried, setTried] = useState(false);
  const cameras = useAll('listCameras').data ?? [];
  const models = useAll('listModels', { enabled: can('model.read') }).data ?? [];
  const pipelines = useAll('listPipelines', { enabled: can('pipeline.read') }).data ?? [];
  const attributes = [...new Set(pipelines.flatMap((pipeline) => pipeline.routes.map((route) => route.attribute)))];
  const labels = [...new Set(models.filter((model) => model.task === 'detect').flatMap((model) => model.labels))];
  const problems = tried ? problemsOf(RuleSettings, draft) : {};
  const mayWrite = can('rule.write');
  const save = useAction(() => (rule ? client.call('updateRule', { params: { id: rule.id }, body: draft }) : client.call('createRule', { body: draft })), {
    refresh: ['listRules'],
    said: (saved) => t('rules.saved', { name: saved.name }),
    onDone: onClose,
  });
  const onSave = () => {
    setTried(true);
    if (Object.keys(problemsOf(RuleSettings, draft)).length === 0) save.mutate();
  };
  return (
    <SidePanel wide title={rule ? rule.name : t('rules.add')} onClose={onClose} actions={rule && mayWrite && <DeleteRule rule={rule} onDone={onClose} />}>
      <form
        className="flex flex-col gap-5"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
        }}
      >
        <p className="m-0 rounded-m bg-raised p-3 text-ink" aria-live="polite" data-testid="rule-summary">
          {ruleSummary(draft, t, locale)}
        </p>
        <fieldset disabled={!mayWrite} className="m-0 flex min-w-0 flex-col gap-5 border-0 p-0">
          <TextField label={t('rules.name')} value={draft.name} onValue={(name) => setDraft({ ...draft, name })} error={problems['name'] && t('ui.nameWanted')} autoFocus={!rule} />
          <SelectField label={t('rules.kind')} hint={t(`kindHint.${draft.condition.kind}`)} value={draft.condition.kind} onValue={(kind) => setDraft(changeKind(draft, kind as ConditionKind))} options={EVENT_KINDS.map((kind) => ({ value: kind, text: t(`kind.${kind}`) }))} />
          <ConditionForm condition={draft.condition} cameras={cameras} chosen={draft.cameraIds} models={models} attributes={attributes} problems={problems} onCondition={(condition) => setDraft({ ...draft, condition })} />
          <ChipsField label={t('rules.labels')} hint={t('rules.labelsHint')} error={problems['labels']} values={draft.labels} suggestions={labels} placeholder="person" textOf={(label) => labelText(label, locale)} onValues={(next) => setDraft({ ...draft, labels: next })} />
          <CameraChoice cameras={cameras} chosen={draft.cameraIds} onChosen={(cameraIds) => setDraft({ ...draft, cameraIds })} />
          <ScheduleEditor schedule={draft.schedule} onSchedule={(schedule) => setDraft({ ...draft, schedule })} />
          <RuleTiming draft={draft} problems={problems} onDraft={setDraft} />
          <SwitchField label={t('rules.enabled')} checked={draft.enabled} onChecked={(enabled) => setDraft({ ...draft, enabled })} disabled={!mayWrite} />
        </fieldset>
        <Button type="submit" tone="primary" icon={Save} busy={save.isPending} disabled={!mayWrite} title={mayWrite ? undefined : t('ui.mayNot')}>
          {t('rules.save')}
        </Button>
      </form>
    </SidePanel>
  );
}

interface CameraChoiceProps {
  readonly cameras: readonly { readonly id: CameraId; readonly name: string }[];
  readonly chosen: readonly CameraId[] | null;
  readonly onChosen: (ids: CameraId[] | null) => void;
}

function CameraChoice({ cameras, chosen, onChosen }: CameraChoiceProps) {
  const { t } = useI18n();
  return (
    <fieldset className="m-0 flex min-w-0 flex-col border-0 p-0">
      <legend className="p-0 text-s font-medium text-ink-2">{t('rules.cameras')}</legend>
      <CheckField label={t('rules.allCameras')} checked={chosen === null} onChecked={(all) => onChosen(all ? null : [])} />
      {chosen !== null && (
        <div className="ml-6 flex max-h-60 flex-col overflow-auto">
          {cameras.map((camera) => (
            <CheckField key={camera.id} label={camera.name} checked={chosen.includes(camera.id)} onChecked={(on) => onChosen(on ? [...chosen, camera.id] : chosen.filter((id) => id !== camera.id))} />
          ))}
          {chosen.length === 0 && <span className="text-s text-caution">{t('rules.noCamera')}</span>}
        </div>
      )}
    </fieldset>
  );
}

function DeleteRule({ rule, onDone }: { rule: Rule; onDone: () => void }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => client.call('deleteRule', { params: { id: rule.id } }), { refresh: ['listRules'], said: () => t('rules.deleted', { name: rule.name }), onDone });
  return (
    <>
      <Button icon={Trash2} onClick={() => setAsking(true)}>
        {t('ui.delete')}
      </Button>
      <ConfirmDialog open={asking} title={t('rules.deleteAsk', { name: rule.name })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={() => setAsking(false)}>
        {t('rules.deleteWhat')}
      </ConfirmDialog>
    </>
  );
}
