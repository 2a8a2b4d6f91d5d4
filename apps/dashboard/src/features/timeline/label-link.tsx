import { SquareDashedMousePointer } from 'lucide-react';
import { useNavigate } from 'react-router';
import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { IconButton } from '../../ui/button.js';
import type { FootageStage } from './player/footage-stage.js';

/** To the page on which boxes are drawn on this footage, at the moment that is shown. */
export function LabelLink({ cameraIds, stage }: { cameraIds: readonly string[]; stage: FootageStage }) {
  const { t } = useI18n();
  const can = useCan();
  const navigate = useNavigate();
  if (!can('dataset.write') || !can('harvest.run')) return null;
  return <IconButton icon={SquareDashedMousePointer} label={t('labelling.open')} onClick={() => void navigate(`/timeline/label?camera=${cameraIds.join(',')}&t=${new Date(Math.round(stage.positionMs)).toISOString()}`)} />;
}
