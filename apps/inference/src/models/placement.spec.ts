import { TuningProfile, type ComputeDevice, type DeviceId, type ModelId } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { placeModel } from './placement.js';

const device = (id: string, changes: Partial<ComputeDevice> = {}): ComputeDevice => ({ id: id as DeviceId, kind: id === 'cpu' ? 'cpu' : 'gpu', provider: id.split(':')[0] as string, name: id, memoryBytes: null, health: 'ok', problem: null, ...changes });
const detector = { id: 'd' as ModelId, task: 'detect' } as const;
const place = (devices: ComputeDevice[], tuning: object = {}, model: Parameters<typeof placeModel>[0] = detector) =>
  placeModel(model, devices, TuningProfile.parse(tuning), { detectorReplicas: 3 }).map(({ device: id, provider, deviceIndex, replicas, threads, batch }) => `${id} ${provider} ${deviceIndex}: ${replicas}x${threads}, ${batch}`);

describe('placeModel', () => {
  it('uses the processor where there is nothing else', () => {
    expect(place([device('cpu')])).toEqual(['cpu cpu 0: 3x1, 1']);
    expect(place([device('cpu')], {}, { id: 'c' as ModelId, task: 'classify' })).toEqual(['cpu cpu 0: 1x1, 4']);
  });

  it('uses every card of the first provider that works, and none twice', () => {
    expect(place([device('cpu'), device('tensorrt:0', { health: 'missing' }), device('cuda:0'), device('cuda:1'), device('webgpu:0')])).toEqual(['cuda:0 cuda 0: 2x1, 16', 'cuda:1 cuda 1: 2x1, 16']);
  });

  it('leaves what is lost or reserved alone', () => {
    const devices = [device('cpu'), device('cuda:0', { health: 'lost' }), device('cuda:1')];
    expect(place(devices)).toEqual(['cuda:1 cuda 1: 2x1, 16']);
    expect(place(devices, { reserved: ['cuda:1'] })).toEqual(['cpu cpu 0: 3x1, 1']);
    expect(place([device('cpu')], { reserved: ['cpu'] })).toEqual(['cpu cpu 0: 3x1, 1']);
  });

  it('opens no more sessions than fit into the memory of the device, unless the operator says so', () => {
    const limits = { detectorReplicas: 3, mostSessions: ({ kind }: ComputeDevice) => (kind === 'cpu' ? 2 : 1) };
    const replicas = (devices: ComputeDevice[], tuning: object = {}) => placeModel(detector, devices, TuningProfile.parse(tuning), limits).map((entry) => `${entry.device}: ${entry.replicas}`);
    expect(replicas([device('cpu')])).toEqual(['cpu: 2']);
    expect(replicas([device('cpu'), device('cuda:0')])).toEqual(['cuda:0: 1']);
    expect(replicas([device('cpu')], { models: [{ model: 'd', device: 'cpu', replicas: 5 }] })).toEqual(['cpu: 5']);
  });

  it('does as the operator says, on devices that are there', () => {
    const models = [{ model: 'd', device: 'cpu', replicas: 1, threads: 4 }, { model: 'd', device: 'cuda:0', replicas: 2, batch: 8 }, { model: 'other', device: 'cpu', replicas: 9 }];
    expect(place([device('cpu'), device('cuda:0')], { models })).toEqual(['cpu cpu 0: 1x4, 1', 'cuda:0 cuda 0: 2x1, 8']);
    expect(place([device('cpu'), device('cuda:0', { health: 'lost' })], { models })).toEqual(['cpu cpu 0: 1x4, 1']);
    expect(place([device('cpu')], { models: models.slice(1, 2) })).toEqual(['cpu cpu 0: 3x1, 1']);
  });
});
