import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';

/** Pages under Cameras. */
export function useCameraTabs(): { to: string; text: string }[] {
  const { t } = useI18n();
  const can = useCan();
  return [{ to: '/cameras', text: t('cameras.list') }, ...(can('pipeline.read') ? [{ to: '/cameras/pipelines', text: t('pipelines.title') }] : [])];
}
