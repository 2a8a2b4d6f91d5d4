import type { ComputeDevice, ModelSummary, TuningProfile, Warning } from '@argus/contracts';
import { isTimeZone } from '@argus/kernel';
import type { FieldProblem } from '../http/errors.js';

/** What contradicts itself, at the field that says it second. */
export function tuningProblems({ models, reserved, hours, timeZone }: TuningProfile): FieldProblem[] {
  const problems: FieldProblem[] = [];
  models.forEach(({ model, device }, index) => {
    if (models.findIndex((other) => other.model === model && other.device === device) < index) problems.push({ path: `models.${index}.model`, message: `"${model}" on ${device} is named twice` });
    if (reserved.includes(device)) problems.push({ path: `models.${index}.device`, message: `${device} is reserved for training` });
  });
  reserved.forEach((device, index) => {
    if (device === 'cpu') problems.push({ path: `reserved.${index}`, message: 'cpu cannot be reserved: what has no other place runs there' });
    if (reserved.indexOf(device) < index) problems.push({ path: `reserved.${index}`, message: `${device} is named twice` });
  });
  hours.forEach(({ from, to }, index) => {
    if (from === to) problems.push({ path: `hours.${index}.to`, message: `expected another time than ${from}; the rates of the whole day stand in targetFps` });
  });
  if (!isTimeZone(timeZone)) problems.push({ path: 'timeZone', message: 'expected an IANA time zone such as Europe/Berlin' });
  return problems;
}

/** What has no effect on this machine as it is now. Devices and packages come and go, so it is kept. */
export function tuningWarnings({ models, reserved }: TuningProfile, packages: readonly Pick<ModelSummary, 'id'>[], devices: readonly Pick<ComputeDevice, 'id' | 'health' | 'problem'>[]): Warning[] {
  const unknownModels = [...new Set(models.map(({ model }) => model))].filter((id) => packages.length > 0 && !packages.some((known) => known.id === id));
  const named = [...new Set([...models.map(({ device }) => device), ...reserved])];
  // Which devices there are is known only while the engine is connected.
  const away = devices.length === 0 ? [] : named.flatMap((id) => deviceWarning(id, devices.find((known) => known.id === id)));
  return [...unknownModels.map((id) => ({ code: 'model-missing', text: `the model "${id}" is not installed`, values: { model: id } })), ...away];
}

function deviceWarning(id: string, device: Pick<ComputeDevice, 'health' | 'problem'> | undefined): Warning[] {
  if (!device) return [{ code: 'device-missing', text: `this machine has no device ${id}`, values: { device: id } }];
  if (device.health !== 'lost' && device.health !== 'missing') return [];
  const why = device.problem ?? device.health;
  return [{ code: 'device-unusable', text: `the device ${id} cannot be used now: ${why}`, values: { device: id, why } }];
}
