import { FileDown } from 'lucide-react';
import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';

/** What an export is made of: these cameras, this range (ISO 8601). */
export interface ExportRange {
  readonly cameraIds: readonly string[];
  readonly from: string;
  readonly to: string;
}

interface ExportActionProps extends ExportRange {
  readonly onExport: (range: ExportRange) => void;
}

/** "Export…" beside a selected range. Nothing is shown to whoever may not export. */
export function ExportAction({ onExport, ...range }: ExportActionProps) {
  const { t } = useI18n();
  const can = useCan();
  if (!can('recording.export')) return null;
  return (
    <Button icon={FileDown} onClick={() => onExport(range)}>
      {t('exports.ofRange')}
    </Button>
  );
}
