import type { Sample } from '@argus/contracts';
import { areaFlaw, quadSize } from '@argus/geometry';
import { Check, RotateCcw } from 'lucide-react';
import { HelpButton } from '../../../help/help-button.js';
import { decimal } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button, IconButton } from '../../../ui/button.js';
import { Field, NumberField, SelectField, SwitchField } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { StraightenPreview } from './straighten-preview.js';
import { FORMS, MOST_DEGREES, sizeWish, takeForm, turnTo, type Form, type Straightening } from './straightening.js';

interface StraightenPanelProps {
  readonly sample: Sample;
  /** How many other pictures are chosen that this can be done with. */
  readonly others: number;
  readonly src: string;
  readonly one: Straightening;
  readonly onChange: (next: Straightening) => void;
  readonly onReset: () => void;
  readonly state: 'queued' | 'running' | null;
  readonly onMake: () => void;
  readonly onLeave: () => void;
}

/** What the new picture will be, and everything that is not dragged. */
export function StraightenPanel({ sample, others, src, one, onChange, onReset, state, onMake, onLeave }: StraightenPanelProps) {
  const { t, locale } = useI18n();
  const wish = sizeWish(one);
  const flaw = areaFlaw(one.quad, sample, wish);
  const size = flaw === null || flaw === 'upscaled' ? quadSize(one.quad, wish) : null;
  const natural = flaw === null || flaw === 'upscaled' ? quadSize(one.quad, { size: null, ratio: FORMS[one.form] }) : null;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-1">
        <h3 className="m-0 mr-auto text-m font-semibold">{t('straighten.title')}</h3>
        <IconButton icon={RotateCcw} label={t('straighten.reset')} onClick={onReset} />
        <HelpButton topic="straighten" />
      </div>
      {/* What is below stays where it is, whatever form the picture has. */}
      <div className="flex min-h-66 flex-col justify-center gap-2">
        {size && <StraightenPreview sample={sample} src={src} quad={one.quad} size={size} outlines={one.outlines} />}
        {flaw && <Notice tone="caution" title={t(`straighten.flaw.${flaw}`)} lines={[]} />}
      </div>
      <Field label={t('straighten.turn')} unit={`${decimal(one.degrees, locale, 1)}°`}>
        {(control) => <input {...control} type="range" min={-MOST_DEGREES} max={MOST_DEGREES} step={0.5} value={one.degrees} onChange={(event) => onChange(turnTo(one, event.target.valueAsNumber))} className="min-h-9 w-full accent-accent-fill" />}
      </Field>
      <SelectField label={t('straighten.form')} value={one.form} onValue={(form) => onChange(takeForm(one, form as Form, sample))} options={(Object.keys(FORMS) as Form[]).map((form) => ({ value: form, text: t(`straighten.form.${form}`) }))} />
      <div className="grid grid-cols-2 gap-3">
        <NumberField label={t('straighten.width')} unit="px" min={8} max={8192} placeholder={natural ? String(natural.width) : ''} value={one.width} onValue={(width) => onChange({ ...one, width })} />
        <NumberField label={t('straighten.height')} unit="px" min={8} max={8192} placeholder={natural ? String(natural.height) : ''} value={one.height} onValue={(height) => onChange({ ...one, height })} />
      </div>
      <SwitchField label={t('straighten.outlines')} hint={t('straighten.outlinesHint')} checked={one.outlines} onChecked={(outlines) => onChange({ ...one, outlines })} />
      {others > 0 && <SwitchField label={t('straighten.others', { count: others })} hint={t('straighten.othersHint')} checked={one.withOthers} onChecked={(withOthers) => onChange({ ...one, withOthers })} />}
      <div className="flex flex-wrap gap-2 max-md:sticky max-md:bottom-0 max-md:-mx-4 max-md:border-t max-md:border-line max-md:bg-surface max-md:p-4">
        <Button tone="primary" icon={Check} busy={state !== null} disabled={flaw !== null} title="Enter" onClick={onMake}>
          {t(state === null ? 'straighten.make' : `straighten.${state}`)}
        </Button>
        <Button title="Esc" onClick={onLeave}>
          {t('ui.cancel')}
        </Button>
      </div>
    </div>
  );
}
