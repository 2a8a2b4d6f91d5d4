import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { NumberField, SelectField, SwitchField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Section } from '../../ui/page.js';
import type { FormPartProps } from './form-part-props.js';

/** How pictures are kept: size, quality, how many, and what is covered. */
export function RecipePictures({ draft, errorOf, onDraft }: FormPartProps) {
  const { t } = useI18n();
  const mayTakeOriginals = useCan()('recording.original');
  const ofVideos = draft.source !== 'cameras';
  return (
    <Section title={t('harvest.asPictures')}>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <SelectField label={t('harvest.size')} value={draft.fit ? 'fit' : 'original'} onValue={(value) => onDraft({ fit: value === 'fit' })} options={(['original', 'fit'] as const).map((value) => ({ value, text: t(`harvest.size.${value}`) }))} />
        {draft.fit && (
          <div className="grid grid-cols-2 gap-3">
            <NumberField label={t('harvest.width')} error={errorOf('size')} unit="px" value={draft.width} onValue={(width) => onDraft({ width })} min={16} max={8192} step={1} />
            <NumberField label={t('harvest.height')} unit="px" value={draft.height} onValue={(height) => onDraft({ height })} min={16} max={8192} step={1} />
          </div>
        )}
        <NumberField label={t('harvest.quality')} hint={t('harvest.qualityHint')} error={errorOf('quality')} value={draft.jpegQuality} onValue={(jpegQuality) => onDraft({ jpegQuality })} min={30} max={100} step={1} />
        <NumberField label={t(ofVideos ? 'harvest.quotaGroup' : 'harvest.quota')} hint={t(ofVideos ? 'harvest.quotaGroupHint' : 'harvest.quotaHint')} error={errorOf('quota')} placeholder={t('harvest.noQuota')} value={draft.quota} onValue={(quota) => onDraft({ quota })} min={1} step={1} />
      </div>
      <SwitchField label={t('harvest.dropNear')} hint={t(ofVideos ? 'harvest.dropNearGroupHint' : 'harvest.dropNearHint')} checked={draft.dropNearDuplicates} onChecked={(dropNearDuplicates) => onDraft({ dropNearDuplicates })} />
      {!ofVideos && (mayTakeOriginals || !draft.masked) && <SwitchField label={t('harvest.masks')} hint={t('harvest.masksHint')} checked={draft.masked} disabled={!mayTakeOriginals && draft.masked} onChecked={(masked) => onDraft({ masked })} />}
      {!ofVideos && !draft.masked && <Notice tone="caution" title={t('harvest.originals')} lines={[errorOf('masked') ?? t('harvest.originalsWhat')]} />}
    </Section>
  );
}
