import { Packet } from 'node-av/lib';

/** More than the packets in hand between two collections of a busy child; beyond it they are given back to the system. */
const MOST_SPARE = 256;

/**
 * Empty native packets for the next reads. A packet a picture and camera would otherwise be made, registered for clean-up and
 * collected: measured, a tenth of what reading costs.
 */
const spare: Packet[] = [];

export function takePacket(): Packet {
  const kept = spare.pop();
  if (kept !== undefined) return kept;
  const packet = new Packet();
  packet.alloc();
  return packet;
}

/** Its data is let go; whoever gives it back must not look at it again. */
export function givePacketBack(packet: Packet): void {
  if (spare.length >= MOST_SPARE) return packet.free();
  packet.unref();
  spare.push(packet);
}
