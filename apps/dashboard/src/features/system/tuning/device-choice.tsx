import type { ComputeDevice, DeviceId } from '@argus/contracts';
import { useI18n } from '../../../i18n/i18n.js';
import { CheckField } from '../../../ui/field.js';
import { reservableDevices } from './tuning-draft.js';
import type { TuningFields } from './tuning-fields.js';

/** Which devices the engine leaves to training. */
export function DeviceChoice({ draft, problems, onDraft, devices }: TuningFields & { devices: readonly ComputeDevice[] }) {
  const { t } = useI18n();
  const nameOf = (id: DeviceId) => [id, devices.find((device) => device.id === id)?.name ?? t('tuning.notHere')].join(' · ');
  const toggle = (id: DeviceId, on: boolean) => onDraft({ ...draft, reserved: on ? [...draft.reserved, id] : draft.reserved.filter((other) => other !== id) });
  const problem = Object.entries(problems).find(([path]) => path.startsWith('reserved'))?.[1];
  const offered = reservableDevices(devices, draft.reserved);
  if (offered.length === 0) return <p className="m-0 text-ink-2">{t('tuning.noOthers')}</p>;
  return (
    <div className="flex flex-col">
      {offered.map((id) => (
        <CheckField key={id} label={nameOf(id)} checked={draft.reserved.includes(id)} onChecked={(on) => toggle(id, on)} />
      ))}
      {problem && <p role="alert" className="m-0 text-s text-alarm">{problem}</p>}
    </div>
  );
}
