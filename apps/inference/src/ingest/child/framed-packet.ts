import { encodeLivePacket, type CameraId, type CameraStream, type LivePacket } from '@argus/contracts';

const CAMERA_ID_BYTES = 16;

export interface FramedStream {
  readonly cameraId: CameraId;
  readonly stream: CameraStream;
}

/** A packet as it goes over the engine link: the camera's id, then the live packet. */
export function framedPacket({ cameraId, stream }: FramedStream, packet: LivePacket): Uint8Array {
  const body = encodeLivePacket({ ...packet, main: stream === 'main' });
  const data = new Uint8Array(CAMERA_ID_BYTES + body.byteLength);
  data.set(Buffer.from(cameraId.replaceAll('-', ''), 'hex'));
  data.set(body, CAMERA_ID_BYTES);
  return data;
}
