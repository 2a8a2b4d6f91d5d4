import type { CameraId } from '@argus/contracts';
import { isoTime, type Clock } from '@argus/kernel';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Principal } from '../auth/principal.js';
import { FootageLooks } from './footage-looks.js';

export interface Look {
  readonly action: 'footage.view' | 'footage.objects';
  readonly cameraId: CameraId;
  readonly fromMs: number;
  readonly toMs: number;
  /** Privacy masks were burnt in. */
  readonly masked?: boolean;
}

/** A row of the audit that still grows. */
interface OpenRow {
  /** Caller, camera and action. */
  readonly key: string;
  readonly masked: boolean;
  fromMs: number;
  toMs: number;
  lastMs: number;
  /** When the row was last written, and the writing itself: one after the other, so that the widest range is what stays. */
  writtenMs: number;
  written: Promise<string>;
}

/** A player fetches less at once. What is longer was asked for as a whole, and has its own row. */
const SHORT_MS = 120_000;
/** Looks that lie so close together in the footage, and in time, are one. */
const NEAR_MS = 600_000;
const PAUSE_MS = 300_000;
/** A look that goes on without anything new: its row says until when, not much less exactly than this. */
const SAY_AGAIN_MS = 60_000;
const MOST_OPEN = 1000;

/**
 * Writes looks at footage into the audit. Whoever scrubs through a day fetches thousands of pieces; that is to be a handful of rows, each from the
 * first to the last moment that was looked at. So a row may say more than was seen, by less than ten minutes in one go; never less.
 */
export class LookAudit {
  readonly #long = new FootageLooks();
  #open: OpenRow[] = [];

  constructor(
    private readonly audit: Pick<AuditTrail, 'record' | 'amend'>,
    private readonly clock: Clock,
  ) {}

  /** Resolves once the audit has it. @param continues the caller asks for more of a film that it has begun to read */
  async note(look: Look, caller: Principal, continues = false): Promise<void> {
    const key = [caller.kind, caller.id, caller.remoteAddress, look.cameraId, look.action, look.masked === true].join(' ');
    if (look.toMs - look.fromMs <= SHORT_MS) return this.#noteShort(key, look, caller);
    const isNew = this.#long.begin(`${key} ${look.fromMs} ${look.toMs}`, this.clock.nowMs());
    if (isNew || !continues) await this.#record(look, caller);
  }

  async #noteShort(key: string, look: Look, caller: Principal): Promise<void> {
    const nowMs = this.clock.nowMs();
    this.#open = this.#open.filter(({ lastMs }) => nowMs - lastMs <= PAUSE_MS).slice(1 - MOST_OPEN);
    const row = this.#open.find((one) => one.key === key && look.fromMs <= one.toMs + NEAR_MS && look.toMs >= one.fromMs - NEAR_MS);
    if (row) return this.#extend(row, look, nowMs);
    const begun: OpenRow = { key, masked: look.masked === true, fromMs: look.fromMs, toMs: look.toMs, lastMs: nowMs, writtenMs: nowMs, written: this.#record(look, caller) };
    this.#open.push(begun);
    await this.#settled(begun);
  }

  async #extend(row: OpenRow, { fromMs, toMs }: Look, nowMs: number): Promise<void> {
    const grows = fromMs < row.fromMs || toMs > row.toMs;
    row.fromMs = Math.min(row.fromMs, fromMs);
    row.toMs = Math.max(row.toMs, toMs);
    row.lastMs = nowMs;
    if (grows || nowMs - row.writtenMs > SAY_AGAIN_MS) {
      row.writtenMs = nowMs;
      row.written = row.written.then(async (id) => (await this.audit.amend(id, { ...details(row), lastAt: isoTime(row.lastMs) }), id));
    }
    await this.#settled(row);
  }

  /** What could not be written is not shown, and does not grow: the next look has a new row. */
  async #settled(row: OpenRow): Promise<void> {
    try {
      await row.written;
    } catch (error) {
      this.#open = this.#open.filter((one) => one !== row);
      throw error;
    }
  }

  #record(look: Look, caller: Principal): Promise<string> {
    return this.audit.record(caller, { action: look.action, subject: 'camera', subjectId: look.cameraId, details: details(look) });
  }
}

const details = ({ fromMs, toMs, masked }: Pick<Look, 'fromMs' | 'toMs' | 'masked'>) => ({ from: isoTime(fromMs), to: isoTime(toMs), ...(masked === true ? { masked } : {}) });
