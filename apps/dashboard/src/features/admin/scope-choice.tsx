import type { CameraId, CameraScope } from '@argus/contracts';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { CheckField } from '../../ui/field.js';

/** Cameras that somebody may see: all, or these. */
export function ScopeChoice({ scope, onScope }: { scope: CameraScope; onScope: (scope: CameraScope) => void }) {
  const { t } = useI18n();
  const cameras = useAll('listCameras').data ?? [];
  const toggle = (id: CameraId, on: boolean) => onScope(on ? [...(scope ?? []), id] : (scope ?? []).filter((other) => other !== id));
  return (
    <fieldset className="m-0 flex min-w-0 flex-col border-0 p-0">
      <legend className="p-0 text-s font-medium text-ink-2">{t('admin.scope')}</legend>
      <CheckField label={t('admin.everyCamera')} checked={scope === null} onChecked={(all) => onScope(all ? null : [])} />
      {scope !== null && (
        <div className="ml-6 flex max-h-60 flex-col overflow-auto">
          {cameras.map((camera) => (
            <CheckField key={camera.id} label={camera.name} checked={scope.includes(camera.id)} onChecked={(on) => toggle(camera.id, on)} />
          ))}
        </div>
      )}
    </fieldset>
  );
}
