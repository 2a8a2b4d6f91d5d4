import { MediaError } from './media-error.js';
import type { MediaPacket } from './media-source.js';
import { NativePacket } from './native-packet.js';

/** Another handle of the same data, to be freed by itself: for who needs a packet for longer than its owner. Nothing is copied. */
export function sharePacket(packet: MediaPacket): MediaPacket {
  if (!(packet instanceof NativePacket)) throw new MediaError('expected a packet made by openSource');
  return packet.share();
}
