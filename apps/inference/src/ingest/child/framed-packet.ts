import { encodeLivePacket, type CameraId, type LivePacket } from '@argus/contracts';

const CAMERA_ID_BYTES = 16;

/** A packet as it goes over the engine link: the camera's id, then the live packet. */
export function framedPacket(cameraId: CameraId, packet: LivePacket): Uint8Array {
  const body = encodeLivePacket(packet);
  const data = new Uint8Array(CAMERA_ID_BYTES + body.byteLength);
  data.set(Buffer.from(cameraId.replaceAll('-', ''), 'hex'));
  data.set(body, CAMERA_ID_BYTES);
  return data;
}
