import type { ComputeDevice, DeviceId, ModelId } from '@argus/contracts';

/** An open session. `residentBytes`: of its process; null: it has not said yet. */
export interface SessionMemory {
  readonly model: ModelId;
  readonly device: DeviceId;
  readonly residentBytes: number | null;
}

/** Of a device's memory so much is for sessions; the rest is for pictures, decoders, the database and everybody else. */
const SESSIONS_SHARE = 0.5;
/** A process with the runtime and nothing open, and what a card's driver takes for each process. */
const EMPTY_BYTES = { cpu: 120_000_000, gpu: 500_000_000 } as const;
/** Weights are there twice while the graph is optimised, and what they compute takes about as much again. */
const BYTES_A_FILE_BYTE = 3;

/** What a session will take before one was measured. */
const estimatedBytes = (kind: ComputeDevice['kind'], fileBytes: number): number => EMPTY_BYTES[kind] + BYTES_A_FILE_BYTE * fileBytes;

/**
 * How many sessions of a model fit beside those of other models; one always does, or the model could not be used at all. What sessions take on the
 * processor is measured, on a card it is estimated: the driver does not tell it by process in every container.
 */
export function mostSessions(device: ComputeDevice, model: ModelId, fileBytes: number, open: readonly SessionMemory[]): number {
  if (device.memoryBytes === null) return Infinity;
  const estimate = estimatedBytes(device.kind, fileBytes);
  const here = open.filter((session) => session.device === device.id);
  const bytesOf = ({ residentBytes }: SessionMemory): number => (device.kind === 'cpu' ? (residentBytes ?? estimate) : estimate);
  const own = here.filter((session) => session.model === model).map(bytesOf);
  const others = here.filter((session) => session.model !== model).reduce((sum, session) => sum + bytesOf(session), 0);
  const each = own.length === 0 ? estimate : Math.max(...own);
  return Math.max(1, Math.floor((device.memoryBytes * SESSIONS_SHARE - others) / each));
}
