import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { UploadId, type Upload } from '@argus/contracts';
import { messageOf, newId, type Clock, type Logger } from '@argus/kernel';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Server } from '@tus/server';
import type { Request, Response } from 'express';
import { DataSource } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import type { GuardedRequest } from '../http/api-route.js';
import { NotFoundError } from '../http/errors.js';
import type { Settings } from '../settings.js';
import { CLOCK, LOGGER, SETTINGS } from '../tokens.js';
import { UploadIncompleteError } from './errors.js';
import { NO_ROOM, SparingStore, type TusRefusal } from './sparing-store.js';

const PATH = '/api/v1/uploads';
/** Left free for footage and the database. */
const SPARE_BYTES = 1e9;
const DAY_MS = 86_400_000;
const CLEAN_EVERY_MS = 600_000;
/** Of one owner; a harvest of uploads takes 500. */
const MOST_UPLOADS = 1000;
const TOO_MANY: TusRefusal = { status_code: 429, body: `at most ${MOST_UPLOADS} uploads of one owner; use some, or give them up (DELETE)\n` };

/** Those that somebody still needs: an import waits for it, or may be gone on with. */
const USED = `SELECT options->>'uploadId' AS id, bool_or(state <> 'done') AS "isWanted" FROM dataset_jobs WHERE kind = 'import' AND options->>'uploadId' = ANY ($1) GROUP BY 1`;
/** Videos of harvests stay as long as their recipe, which may be run again, and while a run is at them. */
const HARVESTED = `SELECT jsonb_array_elements_text(recipe#>'{source,uploadIds}') AS id FROM harvest_recipes WHERE recipe#>>'{source,kind}' = 'uploads'
  UNION SELECT jsonb_array_elements_text(recipe#>'{source,uploadIds}') FROM harvest_runs WHERE state IN ('queued', 'running') AND recipe#>>'{source,kind}' = 'uploads'`;

type TusRequest = Parameters<NonNullable<ConstructorParameters<typeof Server>[0]['namingFunction']>>[0];

/** Files on their way to the server, in pieces. Whose an upload is stands beside it: nobody else goes on with it, sees or uses it. */
@Injectable()
export class UploadsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #folder: string;
  readonly #store: SparingStore;
  readonly #tus: Server;
  #timer: NodeJS.Timeout | null = null;
  #cleaning: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#folder = join(settings.samplesDir, 'uploads');
    this.#store = new SparingStore(this.#folder, SPARE_BYTES);
    this.#tus = new Server({
      path: PATH,
      datastore: this.#store,
      relativeLocation: true,
      // Pages of other sites have no business here.
      allowedOrigins: [],
      namingFunction: () => newId<UploadId>(),
      maxSize: (_request, id) => this.#room(id),
      // Whom it belongs to was asked of this one; tus would take the end of the address, where a query may name another.
      getFileIdFromRequest: (request) => requestOf(request).params?.['id'] as string | undefined,
      onUploadCreate: async (request, { metadata }) => {
        const owner = ownerOf(principalOf(request));
        if (await this.#hasMany(owner)) throw TOO_MANY;
        return { metadata: { filename: nameOf(metadata?.['filename'] ?? ''), owner } };
      },
      onResponseError: (_request, error) => this.#told(error),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    this.#clean();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#cleaning;
  }

  /** Answers the request by itself, as tus has it. @throws NotFoundError for an upload of somebody else */
  async handle(id: UploadId | null, caller: Principal, request: Request, response: Response): Promise<void> {
    if (id !== null) await this.get(id, caller);
    await this.#tus.handle(request, response);
  }

  /** @throws NotFoundError also for who did not begin it */
  async get(id: UploadId, caller: Principal): Promise<Upload> {
    const found = await this.#store.getUpload(id).catch(() => null);
    if (found === null || found.metadata?.['owner'] !== ownerOf(caller)) throw new NotFoundError('upload', id);
    return { id, name: found.metadata['filename'] ?? '', bytes: found.size ?? 0, received: found.offset };
  }

  /** @throws NotFoundError, UploadIncompleteError */
  async requireWhole(id: UploadId, caller: Principal): Promise<Upload> {
    const upload = await this.get(id, caller);
    if (upload.received !== upload.bytes || upload.bytes === 0) throw new UploadIncompleteError(upload.received, upload.bytes);
    return upload;
  }

  /** undefined: tus has words for it. Its own for all else would tell where files lie. */
  #told(error: Error | TusRefusal): TusRefusal | undefined {
    if ('body' in error && 'status_code' in error) return undefined;
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return NO_ROOM;
    this.log.error('an upload failed', { error: messageOf(error) });
    return { status_code: 500, body: 'the cause is in the log of the gateway\n' };
  }

  /** Whose they are is read only where there are so many. */
  async #hasMany(owner: string): Promise<boolean> {
    const ids = (await readdir(this.#folder)).filter((name) => UploadId.safeParse(name).success);
    if (ids.length < MOST_UPLOADS) return false;
    let own = 0;
    for (const id of ids) if ((await this.#store.getUpload(id).catch(() => null))?.metadata?.['owner'] === owner) own += 1;
    return own >= MOST_UPLOADS;
  }

  /** What an upload may be long: what is there of it is not free any more. */
  async #room(id: string | null): Promise<number> {
    const there = id === null ? 0 : await stat(join(this.#folder, id)).then(({ size }) => size, () => 0);
    return Math.max(1, (await this.#store.room()) + there);
  }

  #clean(): void {
    this.#cleaning = this.removeAbandoned()
      .catch((error: unknown) => this.log.warn('abandoned uploads are not removed, trying again soon', { error: messageOf(error) }))
      .finally(() => (this.#timer = setTimeout(() => this.#clean(), CLEAN_EVERY_MS).unref()));
  }

  /** What was imported, and what nobody has gone on with for a day. */
  async removeAbandoned(): Promise<void> {
    const ids = (await readdir(this.#folder)).filter((name) => UploadId.safeParse(name).success);
    if (ids.length === 0) return;
    const used = new Map(((await this.dataSource.query(USED, [ids])) as { id: string; isWanted: boolean }[]).map(({ id, isWanted }) => [id, isWanted]));
    const harvested = new Set(((await this.dataSource.query(HARVESTED)) as { id: string }[]).map(({ id }) => id));
    const before = this.clock.nowMs() - DAY_MS;
    for (const id of ids) {
      if (harvested.has(id)) continue;
      const path = join(this.#folder, id);
      const changedMs = await stat(path).then(({ mtimeMs }) => mtimeMs, () => Infinity);
      if (used.get(id) !== false && (changedMs >= before || (await this.#isAtWork(id)))) continue;
      await rm(path, { force: true });
      await rm(`${path}.json`, { force: true });
    }
  }

  async #isAtWork(id: string): Promise<boolean> {
    return ((await this.dataSource.query(`SELECT 1 FROM dataset_jobs WHERE options->>'uploadId' = $1 AND state IN ('queued', 'running') LIMIT 1`, [id])) as unknown[]).length > 0;
  }
}

/** As it was sent, without what no name has: signs that are none, and half a sign where it is cut off. */
const nameOf = (sent: string): string => sent.slice(0, 300).replace(/\p{Cc}|\p{Surrogate}/gu, '\ufffd');

const ownerOf = ({ kind, id }: Pick<Principal, 'kind' | 'id'>): string => `${kind}:${id}`;

const requestOf = (request: TusRequest): Partial<Pick<GuardedRequest, 'principal' | 'params'>> => request.runtime?.node?.req as IncomingMessage & GuardedRequest;

/** The guard has let it through, so that somebody asks. */
function principalOf(request: TusRequest): Principal {
  const { principal } = requestOf(request);
  if (!principal) throw new Error('an upload without somebody who asks');
  return principal;
}
