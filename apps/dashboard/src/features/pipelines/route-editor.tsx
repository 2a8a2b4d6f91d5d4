import type { ModelId, ModelSummary, Route } from '@argus/contracts';
import { Trash2 } from 'lucide-react';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { IconButton } from '../../ui/button.js';
import { ChipsField } from '../../ui/chips-field.js';
import { NumberField, SelectField, TextField } from '../../ui/field.js';

interface RouteEditorProps {
  readonly number: number;
  readonly route: Route;
  /** What the detector can find. */
  readonly labels: readonly string[];
  readonly classifiers: readonly ModelSummary[];
  readonly problem: string | undefined;
  readonly onRoute: (route: Route) => void;
  readonly onRemove: () => void;
}

/** One line of the route table: these labels go to this model and become this attribute. */
export function RouteEditor({ number, route, labels, classifiers, problem, onRoute, onRemove }: RouteEditorProps) {
  const { t, locale } = useI18n();
  const known = classifiers.some((model) => model.id === route.model) ? [] : [{ value: route.model, text: route.model || t('rules.choose') }];
  const change = (part: Partial<Route>) => onRoute({ ...route, ...part });
  return (
    <div role="group" aria-label={t('pipelines.route', { number })} className="flex flex-col gap-3 rounded-m border border-line p-3">
      <div className="flex items-center gap-2">
        <span className="flex-1 font-medium">{t('pipelines.route', { number })}</span>
        <IconButton icon={Trash2} label={t('ui.remove', { name: t('pipelines.route', { number }) })} onClick={onRemove} />
      </div>
      <ChipsField label={t('pipelines.routeLabels')} error={problem} values={route.labels} suggestions={labels} textOf={(label) => labelText(label, locale)} onValues={(next) => change({ labels: next })} />
      <SelectField label={t('pipelines.routeModel')} value={route.model} onValue={(model) => change({ model: model as ModelId })} options={[...known, ...classifiers.map((model) => ({ value: model.id, text: `${model.title} ${model.version}` }))]} />
      <TextField label={t('pipelines.attribute')} hint={t('pipelines.attributeHint')} value={route.attribute} onValue={(attribute) => change({ attribute })} placeholder="posture" />
      <details>
        <summary className="min-h-9 py-2 text-s text-ink-2">{t('rules.more')}</summary>
        <div className="grid gap-3 sm:grid-cols-2">
          <NumberField label={t('pipelines.cropMargin')} value={route.cropMargin} min={0} max={1} step={0.05} onValue={(value) => change({ cropMargin: value ?? 0 })} />
          <NumberField label={t('pipelines.minWidth')} unit="px" value={route.minWidth} min={1} onValue={(value) => change({ minWidth: value ?? 1 })} />
          <NumberField label={t('pipelines.minHeight')} unit="px" value={route.minHeight} min={1} onValue={(value) => change({ minHeight: value ?? 1 })} />
          <NumberField label={t('pipelines.settleShare')} value={route.settleShare} min={0.5} max={1} step={0.05} onValue={(value) => change({ settleShare: value ?? 0.5 })} />
          <NumberField label={t('pipelines.settleVotes')} value={route.settleVotes} min={1} max={50} onValue={(value) => change({ settleVotes: value ?? 1 })} />
          <NumberField label={t('pipelines.maxVotes')} value={route.maxVotes} min={1} max={200} onValue={(value) => change({ maxVotes: value ?? 1 })} />
          <NumberField label={t('pipelines.refresh')} unit={t('ui.seconds')} value={route.refreshSeconds} min={0.2} step="any" placeholder={t('pipelines.never')} onValue={(refreshSeconds) => change({ refreshSeconds })} />
        </div>
      </details>
    </div>
  );
}
