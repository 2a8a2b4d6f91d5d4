import type { PipelineView } from '@argus/contracts';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';

export function DeletePipeline({ pipeline, onDone }: { pipeline: PipelineView; onDone: () => void }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => client.call('deletePipeline', { params: { id: pipeline.id } }), { refresh: ['listPipelines'], said: () => t('pipelines.deleted', { name: pipeline.name }), onDone });
  return (
    <>
      <Button icon={Trash2} onClick={() => setAsking(true)}>
        {t('ui.delete')}
      </Button>
      <ConfirmDialog open={asking} title={t('pipelines.deleteAsk', { name: pipeline.name })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={() => setAsking(false)}>
        {t('pipelines.deleteWhat')}
      </ConfirmDialog>
    </>
  );
}
