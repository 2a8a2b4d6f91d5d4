import { createHash } from 'node:crypto';
import { EngineToGateway } from '@argus/contracts';

/** A message that must not be lost: an event revision, finished tracks or a finished file of footage. */
export type JournalMessage = Extract<EngineToGateway, { type: 'event' } | { type: 'tracks' } | { type: 'segment' }>;

const DIGEST_LENGTH = 16;
const NAME = /^\d{12}-[0-9a-f]{8}$/;
/** `<sequence>-<boot>`: sorts by age; the boot keeps names apart when the journal was empty at a restart. */
export const entryName = (sequence: number, bootId: string): string => `${String(sequence).padStart(12, '0')}-${bootId.slice(-8)}`;
export const sequenceOf = (name: string): number => Number(name.slice(0, 12));
export const isEntryName = (name: string): boolean => NAME.test(name);

const digestOf = (json: string): string => createHash('sha256').update(json).digest('hex').slice(0, DIGEST_LENGTH);

/** One line of digest, one of JSON: a file that was torn or has rotted does not match its own digest. */
export function encodeEntry(message: JournalMessage): string {
  const json = JSON.stringify(message);
  return `${digestOf(json)}\n${json}\n`;
}

/** The message, or what is wrong with the text. */
export function decodeEntry(text: string): { ok: true; message: JournalMessage } | { ok: false; problem: string } {
  const json = text.slice(DIGEST_LENGTH + 1, -1);
  if (text.slice(0, DIGEST_LENGTH) !== digestOf(json)) return { ok: false, problem: `digest does not match (${text.length} characters)` };
  const parsed = EngineToGateway.safeParse(JSON.parse(json));
  if (!parsed.success) return { ok: false, problem: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') };
  const message = parsed.data;
  return message.type === 'event' || message.type === 'tracks' || message.type === 'segment' ? { ok: true, message } : { ok: false, problem: `unexpected message type ${message.type}` };
}
