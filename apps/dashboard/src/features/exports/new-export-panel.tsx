import { FileDown } from 'lucide-react';
import { useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { maskedAreas, MOST_EXPORT_CAMERAS } from '@argus/contracts';
import { useCan } from '../../app/account.js';
import { useAction, useAll, useCall } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { errorText } from '../../i18n/error-text.js';
import { formatBytes, formatSpan } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { Button } from '../../ui/button.js';
import { ChipsField } from '../../ui/chips-field.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { CONTROL, CheckField, Field, SelectField, SwitchField, TextField } from '../../ui/field.js';
import { SidePanel } from '../../ui/side-panel.js';
import { draftProblems, toLocalField, wishOf, type ExportDraft } from './export-draft.js';

export interface NewExportPanelProps {
  /** Chosen at first. */
  readonly cameraIds: readonly string[];
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** Of the case, at first. */
  readonly title?: string;
  readonly onClose: () => void;
}

const USUAL_LABELS = ['person', 'car', 'truck', 'bus', 'motorcycle', 'bicycle'];

/** The form that starts an export; says how large it will be before. Any page may open it beside itself. */
export function NewExportPanel({ cameraIds, from, to, title = '', onClose }: NewExportPanelProps) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<ExportDraft>({ title, note: '', cameraIds, from, to, exact: false, boxes: false, blur: [], headsOnly: false });
  const [tried, setTried] = useState(false);
  const problems = draftProblems(draft);
  const ready = !problems.has('range') && !problems.has('cameraIds');
  const create = useAction(() => client.call('createExport', { body: wishOf(draft) }), { refresh: ['listExports'], said: () => t('exports.started'), onDone: ({ id }) => void navigate(`/exports/${id}`), ownErrors: true });
  const change = (part: Partial<ExportDraft>) => setDraft({ ...draft, ...part });
  const submit = () => {
    setTried(true);
    if (problems.size === 0) create.mutate();
  };
  return (
    <SidePanel wide title={t('exports.new')} onClose={onClose}>
      <form
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField label={t('exports.title')} hint={t('exports.titleHint')} error={tried && problems.has('title') ? t('exports.titleWanted') : undefined} value={draft.title} onValue={(title) => change({ title })} maxLength={120} autoFocus />
        <CameraChoice chosen={draft.cameraIds} onChosen={(chosen) => change({ cameraIds: chosen })} wrong={tried && problems.has('cameraIds')} />
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
          <MomentField label={t('exports.from')} value={draft.from} onValue={(value) => change({ from: value })} />
          <MomentField label={t('exports.to')} value={draft.to} onValue={(value) => change({ to: value })} />
          <p role={problems.has('range') ? 'alert' : undefined} className={`m-0 text-s sm:col-span-2 ${problems.has('range') ? 'text-alarm' : 'text-ink-3'}`}>
            {problems.has('range') ? t('exports.rangeWanted') : t('exports.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
          </p>
        </div>
        <HowFields draft={draft} ready={ready} onChange={change} />
        <Field label={t('exports.note')}>{(control) => <textarea {...control} rows={3} maxLength={2000} className={CONTROL} value={draft.note} onChange={(event) => change({ note: event.target.value })} />}</Field>
        {create.isError && <ErrorNotice error={create.error} />}
        <div className="sticky -bottom-4 -mx-4 -mb-4 flex flex-wrap items-center gap-3 border-t border-line bg-surface p-4">
          <Estimate draft={draft} ready={ready} />
          <Button type="submit" tone="primary" icon={FileDown} busy={create.isPending} className="ml-auto">
            {t('exports.start')}
          </Button>
        </div>
      </form>
    </SidePanel>
  );
}

function HowFields({ draft, ready, onChange }: { draft: ExportDraft; ready: boolean; onChange: (part: Partial<ExportDraft>) => void }) {
  const { t, locale } = useI18n();
  const masked = useEstimate(draft, ready).data?.ranges.some((range) => range.masked) ?? false;
  const all = draft.boxes || draft.blur.length > 0 || masked;
  const trim = draft.exact ? 'exact' : 'keyframe';
  return (
    <>
      <SelectField
        label={t('exports.trim')}
        hint={t(masked ? 'exports.trimHint.masked' : all ? 'exports.trimHint.all' : `exports.trimHint.${trim}`)}
        value={all ? 'exact' : trim}
        disabled={all}
        onValue={(value) => onChange({ exact: value === 'exact' })}
        options={(['keyframe', 'exact'] as const).map((value) => ({ value, text: t(`exports.trim.${value}`) }))}
      />
      <SwitchField label={t('exports.sound')} hint={t('exports.soundHint')} checked={draft.sound ?? true} onChecked={(sound) => onChange({ sound })} />
      <SwitchField label={t('exports.boxes')} checked={draft.boxes} onChecked={(boxes) => onChange({ boxes })} />
      <ChipsField label={t('exports.blur')} hint={t('exports.blurHint')} values={draft.blur} suggestions={USUAL_LABELS} textOf={(label) => labelText(label, locale)} onValues={(blur) => onChange({ blur })} />
      {draft.blur.length > 0 && <CheckField label={t('exports.blurHead')} checked={draft.headsOnly} onChecked={(headsOnly) => onChange({ headsOnly })} />}
      <MaskFields draft={draft} ready={ready} masked={masked} onChange={onChange} />
    </>
  );
}

/** Says which cameras' masks are burnt in; the original is for those who may see it. */
function MaskFields({ draft, ready, masked, onChange }: { draft: ExportDraft; ready: boolean; masked: boolean; onChange: (part: Partial<ExportDraft>) => void }) {
  const { t, locale } = useI18n();
  const can = useCan();
  const { error } = useEstimate(draft, ready);
  const cameras = useAll('listCameras').data ?? [];
  const names = cameras.filter((camera) => draft.cameraIds.includes(camera.id) && maskedAreas(camera).length > 0).map(({ name }) => name);
  const original = draft.original ?? false;
  const isOffered = can('recording.original') && (original || names.length > 0 || (ready && error !== null));
  return (
    <>
      {masked && <p className="m-0 text-s text-ink-2">{t('exports.masked', { cameras: new Intl.ListFormat(locale).format(names) })}</p>}
      {isOffered && <SwitchField label={t('exports.original')} hint={t('exports.originalHint')} checked={original} onChecked={(on) => onChange({ original: on })} />}
    </>
  );
}

function CameraChoice({ chosen, onChosen, wrong }: { chosen: readonly string[]; onChosen: (ids: string[]) => void; wrong: boolean }) {
  const { t } = useI18n();
  const cameras = useAll('listCameras').data ?? [];
  const noteId = useId();
  return (
    <fieldset className="m-0 flex min-w-0 flex-col gap-1 border-0 p-0" aria-describedby={wrong ? noteId : undefined}>
      <legend className="p-0 pb-1 text-s font-medium text-ink-2">{t('exports.cameras')}</legend>
      <div className="flex max-h-48 flex-col overflow-auto rounded-m border border-line px-3 py-1">
        {cameras.map(({ id, name }) => (
          <CheckField key={id} label={name} checked={chosen.includes(id)} onChecked={(on) => onChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id))} />
        ))}
      </div>
      {wrong && (
        <p id={noteId} role="alert" className="m-0 text-s text-alarm">
          {t('exports.camerasWanted', { most: MOST_EXPORT_CAMERAS })}
        </p>
      )}
    </fieldset>
  );
}

function MomentField({ label, value, onValue }: { label: string; value: string; onValue: (iso: string) => void }) {
  return (
    <Field label={label}>
      {(control) => <input {...control} type="datetime-local" step={1} className={`${CONTROL} figures`} value={toLocalField(value)} onChange={(event) => event.target.value && onValue(new Date(event.target.value).toISOString())} />}
    </Field>
  );
}

function useEstimate(draft: ExportDraft, ready: boolean) {
  const { options, ...wish } = wishOf({ ...draft, title: 'estimate', note: '' });
  return useCall('estimateExport', { body: { ...wish, options: { original: options.original } } }, { enabled: ready });
}

/** How large it will be, or why it cannot be made. */
function Estimate({ draft, ready }: { draft: ExportDraft; ready: boolean }) {
  const { t, locale } = useI18n();
  const estimate = useEstimate(draft, ready);
  const data = ready ? estimate.data : undefined;
  if (ready && estimate.isError) {
    const { title, detail } = errorText(estimate.error, t, locale);
    return (
      <p role="status" title={detail} className="m-0 min-w-0 flex-1 text-s text-caution">
        {title ?? detail}
      </p>
    );
  }
  if (!data) return <span className="min-w-0 flex-1" />;
  const size = formatBytes(data.bytes, locale);
  const problem = data.bytes === 0 ? t('exports.nothing') : data.bytes > data.availableBytes ? t('exports.noSpace', { size, available: formatBytes(data.availableBytes, locale) }) : null;
  const seconds = data.ranges.reduce((sum, range) => sum + range.seconds, 0);
  return (
    <p role="status" className={`figures m-0 min-w-0 flex-1 text-s ${problem ? 'text-caution' : 'text-ink-2'}`}>
      {problem ?? t('exports.about', { size, span: formatSpan(seconds * 1000, locale) })}
    </p>
  );
}
