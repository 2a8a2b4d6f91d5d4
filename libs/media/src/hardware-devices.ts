import { AV_HWDEVICE_TYPE_CUDA, AV_HWDEVICE_TYPE_VAAPI, type AVHWDeviceType } from 'node-av/constants';
import { FFmpegError, HardwareDeviceContext } from 'node-av/lib';

export interface HardwareDevice {
  readonly name: string;
  readonly type: AVHWDeviceType;
  readonly context: HardwareDeviceContext;
}

const TRIED: readonly (readonly [name: string, type: AVHWDeviceType])[] = [
  ['cuda', AV_HWDEVICE_TYPE_CUDA],
  ['vaapi', AV_HWDEVICE_TYPE_VAAPI],
];

let found: { readonly devices: readonly HardwareDevice[]; readonly missing: Readonly<Record<string, string>> } | null = null;

/**
 * Decoding devices that could be opened, and why the others could not. That the native library was compiled for a device says
 * nothing; it is tried, once a process.
 */
export function hardwareDevices(): { readonly devices: readonly HardwareDevice[]; readonly missing: Readonly<Record<string, string>> } {
  if (found !== null) return found;
  const devices: HardwareDevice[] = [];
  const missing: Record<string, string> = {};
  for (const [name, type] of TRIED) {
    const context = new HardwareDeviceContext();
    const result = context.create(type, null, null);
    if (result >= 0) devices.push({ name, type, context });
    else missing[name] = FFmpegError.strerror(result);
  }
  return (found = { devices, missing });
}
