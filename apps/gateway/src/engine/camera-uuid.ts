import type { CameraId } from '@argus/contracts';

/** The raw bytes at the head of a binary frame as the id's text. */
export function cameraIdOfBytes(bytes: Uint8Array): CameraId {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as CameraId;
}
