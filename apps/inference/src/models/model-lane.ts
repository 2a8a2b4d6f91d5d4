import type { DeviceId, ModelId, ModelRunStats } from '@argus/contracts';
import { machineMs, RateWindow, type Clock, type Logger, type ProcessUsage } from '@argus/kernel';
import type { PictureRequest, PictureResult } from '@argus/models';
import { batchWaitMs } from '@argus/pipeline';
import { ModelUnavailableError } from '../errors.js';
import { tellRun } from '../profile/run-spans.js';
import type { ProfileSink } from '../profile/stage-span.js';
import { LaneFigures } from './lane-figures.js';
import type { Assignment } from './placement.js';
import { SessionPost, type PostWorker } from './session-post.js';

export interface ModelLaneOptions {
  readonly model: { readonly id: ModelId; readonly version: string };
  readonly assignments: readonly Assignment[];
  readonly open: (assignment: Assignment) => Promise<PostWorker>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onDeviceTrouble?: (device: Assignment['device'], reason: string) => void;
  /** Pictures that wait at most; more are refused at once. */
  readonly maxWaiting?: number;
  readonly firstRunWithinMs?: number;
}

interface Question {
  readonly picture: PictureRequest;
  readonly deadlineMs: number;
  readonly askedMs: number;
  /** Who wants to know where its time goes, and since when by the machine's clock. */
  readonly sink: { readonly to: ProfileSink; readonly sinceMs: number } | null;
  readonly answer: PromiseWithResolvers<PictureResult>;
}

const MAX_WAITING = 256;

/** The sessions of one model, on one device or several, and the pictures that wait for one. Pictures of all cameras share a run. */
export class ModelLane {
  readonly #posts: SessionPost[] = [];
  readonly #figures = new Map<string, LaneFigures>();
  readonly #waiting: Question[] = [];
  readonly #arrivals = new RateWindow(2000);
  #hold: NodeJS.Timeout | null = null;
  #runs = 0;
  #closed = false;
  /** There is room for a picture. */
  onFree: () => void = () => {};
  /** Its readiness or problem changed. */
  onChange: () => void = () => {};

  constructor(private readonly options: ModelLaneOptions) {
    this.place(options.assignments);
  }

  /** Pictures that could begin now. */
  get room(): number {
    const places = this.#posts.reduce((sum, post) => (post.free ? sum + post.assignment.batch : sum), 0);
    return Math.max(0, places - this.#waiting.length);
  }

  /** Pictures that its sessions take at once. */
  get places(): number {
    return this.#posts.reduce((sum, post) => (post.ready ? sum + post.assignment.batch : sum), 0);
  }

  get ready(): boolean {
    return this.#posts.some((post) => post.ready);
  }

  /** Why no session could be opened; null while one is, or before the first try is over. */
  get problem(): string | null {
    return this.ready ? null : (this.#posts.find((post) => post.problem !== null)?.problem ?? null);
  }

  /** What a run that begins now will probably take, milliseconds. */
  get expectedMs(): number {
    return Math.max(0, ...[...this.#figures.values()].map((figures) => figures.expectedMs));
  }

  /** What so many pictures, or tiles of one, that begin now will take at least if they have all sessions to themselves, milliseconds. */
  expectedMsFor(pictures: number): number {
    return this.expectedMs * Math.ceil(pictures / Math.max(1, this.places));
  }

  /** Pictures per second that its sessions can serve as things are; null before there is a measure. */
  get capacity(): number | null {
    let sum = 0;
    for (const [device, figures] of this.#figures) {
      const { busy, picturesPerSecond } = figures.load(this.#replicasOn(device));
      if (picturesPerSecond >= 1 && busy > 0) sum += picturesPerSecond / busy;
    }
    return sum > 0 ? sum : null;
  }

  /** Another placement: sessions that stay go on, what is missing is opened, what is too many ends when its run is over. */
  place(assignments: readonly Assignment[]): void {
    const wanted = assignments.flatMap((assignment) => Array.from({ length: assignment.replicas }, () => assignment));
    for (const post of this.#posts.slice()) {
      const at = wanted.findIndex((assignment) => sameSession(assignment, post.assignment));
      if (at >= 0) wanted.splice(at, 1);
      else this.#dismiss(post);
    }
    for (const assignment of wanted) this.#posts.push(this.#openPost(assignment));
  }

  /**
   * One picture, in a run with whatever else waits. `deadlineMs` (monotonic): its answer is worthless afterwards. `sink` is told where its time went. Rejects with
   * ModelUnavailableError when the session hangs or dies, or too many pictures wait.
   */
  ask(picture: PictureRequest, deadlineMs = Infinity, sink: ProfileSink | null = null): Promise<PictureResult> {
    const { clock, model, maxWaiting = MAX_WAITING } = this.options;
    if (this.#closed || this.#waiting.length >= maxWaiting) {
      return Promise.reject(new ModelUnavailableError(`model ${model.id}: ${this.#closed ? 'closed' : `${this.#waiting.length} pictures are waiting already`}`));
    }
    const question: Question = { picture, deadlineMs, askedMs: clock.monotonicMs(), sink: sink && { to: sink, sinceMs: machineMs() }, answer: Promise.withResolvers<PictureResult>() };
    this.#waiting.push(question);
    this.#arrivals.add(question.askedMs);
    this.#dispatch();
    return question.answer.promise;
  }

  stats(): ModelRunStats[] {
    const byDevice = new Map(this.#posts.map((post) => [post.assignment.device as string, post]));
    return [...byDevice].map(([device, post]) => this.#figuresOf(device).stats(post.assignment.device, post.provider ?? 'none', this.#replicasOn(device), post.assignment));
  }

  get processes(): { readonly pid: number; readonly model: ModelId; readonly device: DeviceId; readonly usage: ProcessUsage | null; readonly restarts: number }[] {
    return this.#posts.flatMap((post) => (post.process ? [{ ...post.process, model: this.options.model.id, device: post.assignment.device }] : []));
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#hold) clearTimeout(this.#hold);
    for (const { answer } of this.#waiting.splice(0)) answer.reject(new ModelUnavailableError(`model ${this.options.model.id} is closed`));
    await Promise.all(this.#posts.splice(0).map((post) => post.close()));
  }

  #openPost(assignment: Assignment): SessionPost {
    const { model, open, clock, log, firstRunWithinMs, onDeviceTrouble } = this.options;
    return new SessionPost({
      modelId: model.id, assignment, open, figures: this.#figuresOf(assignment.device), clock, log, ...(firstRunWithinMs === undefined ? {} : { firstRunWithinMs }),
      onDeviceTrouble: (reason) => onDeviceTrouble?.(assignment.device, reason),
      onChange: () => {
        this.#freed();
        this.onChange();
      },
    });
  }

  #dismiss(post: SessionPost): void {
    this.#posts.splice(this.#posts.indexOf(post), 1);
    void post.retire();
  }

  #dispatch(): void {
    if (this.#hold) clearTimeout(this.#hold);
    this.#hold = null;
    while (this.#waiting.length > 0) {
      const post = this.#posts.find((candidate) => candidate.free);
      if (!post) return;
      const waitMs = this.#waitMs(post.assignment);
      if (waitMs > 0) {
        this.#hold = setTimeout(() => this.#begin(post), waitMs);
        return;
      }
      this.#begin(post);
    }
  }

  #waitMs({ batch, waitMs }: Assignment): number {
    if (batch === 1 || waitMs === 0) return 0;
    const now = this.options.clock.monotonicMs();
    const first = this.#waiting[0] as Question;
    const deadlineMs = this.#waiting.reduce((least, question) => Math.min(least, question.deadlineMs), Infinity);
    return batchWaitMs({ queued: this.#waiting.length, batch, picturesPerSecond: this.#arrivals.perSecond(now), mostMs: waitMs - (now - first.askedMs), slackMs: deadlineMs - now - this.expectedMs });
  }

  #begin(post: SessionPost): void {
    if (!post.free) return this.#dispatch();
    const questions = this.#waiting.splice(0, post.assignment.batch);
    if (questions.length === 0) return;
    const { clock, model } = this.options;
    const begunMs = clock.monotonicMs();
    const [pid, seenMs] = [post.process?.pid ?? 0, machineMs()];
    void post.run(questions.map(({ picture }) => picture)).then(
      (run) => {
        this.#figuresOf(post.assignment.device).succeeded(run, clock.monotonicMs() - begunMs, questions.map(({ askedMs }) => begunMs - askedMs));
        this.#runs += 1;
        for (const { sink } of questions) if (sink) tellRun(sink.to, sink.sinceMs, { model: model.id, device: post.assignment.device, pid, number: this.#runs, pictures: questions.length, begunMs: seenMs, times: run });
        for (const [index, { answer }] of questions.entries()) answer.resolve(run.results[index] as PictureResult);
        this.#freed();
      },
      (error: unknown) => {
        for (const { answer } of questions) answer.reject(error);
        this.#freed();
      },
    );
  }

  #freed(): void {
    this.#dispatch();
    if (this.room > 0) this.onFree();
  }

  #figuresOf(device: string): LaneFigures {
    const known = this.#figures.get(device);
    if (known) return known;
    const made = new LaneFigures(this.options.model, this.options.clock);
    this.#figures.set(device, made);
    return made;
  }

  #replicasOn(device: string): number {
    return this.#posts.filter((post) => post.assignment.device === device && post.ready).length;
  }
}

const sameSession = (a: Assignment, b: Assignment): boolean => a.device === b.device && a.threads === b.threads && a.batch === b.batch && a.waitMs === b.waitMs;
