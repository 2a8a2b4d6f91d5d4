import { picturesToSend, type Camera } from '@argus/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { refresh } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { useToasts } from '../../ui/toasts.js';
import type { FootageStage } from '../timeline/player/footage-stage.js';
import { followBoxes } from './follow-stream.js';
import { sendPictures, takeBack, type Sent } from './send-pictures.js';
import { boxesAt, cutBehind, EMPTY_BOOK, endedAt, pictureAt, picturesOf, relabelled, withBox, withFollowed, without, type Box, type TrackBook } from './track-book.js';

export interface LabellingOptions {
  readonly camera: Camera;
  readonly stage: FootageStage;
  readonly shownMs: () => number | null;
  readonly datasetId: string | null;
  readonly label: string;
  /** How far tracks are followed. */
  readonly seconds: number;
  /** Every how manieth picture is sent. */
  readonly every: number;
}

/** What is under way, to be shown and stopped. */
export interface Busy {
  readonly what: 'following' | 'sending';
  readonly done: number;
  readonly stop: () => void;
}

const BACKWARD_SECONDS = 30;

/** Boxes of one camera's footage: drawn, followed, sent. */
export function useLabelling(options: LabellingOptions) {
  const { t } = useI18n();
  const toasts = useToasts();
  const { camera } = options;
  // Of each camera a book of its own: who goes on to the next one comes back.
  const [books, setBooks] = useState<Readonly<Record<string, TrackBook>>>({});
  const [isUnsent, setUnsent] = useState(false);
  const book = books[camera.id] ?? EMPTY_BOOK;
  const setBook = useCallback((change: (old: TrackBook) => TrackBook) => {
    setUnsent(true);
    setBooks((all) => ({ ...all, [camera.id]: change(all[camera.id] ?? EMPTY_BOOK) }));
  }, [camera.id]);
  const [selected, setSelected] = useState<string | null>(null);
  const [busy, setBusy] = useState<Busy | null>(null);
  const [sent, setSent] = useState<readonly Sent[]>([]);
  const latest = useRef({ ...options, book, selected, busy, sent, toasts, t });
  latest.current = { ...options, book, selected, busy, sent, toasts, t };
  useEffect(() => {
    setSelected(null);
    return () => latest.current.busy?.stop();
  }, [camera.id]);

  const draw = useCallback((track: string | null, atMs: number, box: Box) => {
    const id = track ?? crypto.randomUUID();
    setBook((old) => withBox(old, { id, label: latest.current.label }, atMs, box));
    setSelected(id);
  }, [setBook]);

  const run = useCallback(async (what: Busy['what'], work: (signal: AbortSignal, onDone: (done: number) => void) => Promise<void>) => {
    if (latest.current.busy) return;
    const abort = new AbortController();
    const stop = () => abort.abort();
    setBusy({ what, done: 0, stop });
    try {
      await work(abort.signal, (done) => setBusy({ what, done, stop }));
    } catch (error) {
      if (!abort.signal.aborted) latest.current.toasts.fail(error);
    } finally {
      setBusy(null);
    }
  }, []);

  const follow = useCallback((direction: 'forward' | 'backward') => {
    const { stage, shownMs, book: now, selected: one, seconds, camera: of } = latest.current;
    const ms = shownMs();
    const here = ms === null ? [] : boxesAt(now, ms).filter(({ track }) => one === null || track.id === one);
    if (ms === null || here.length === 0) return latest.current.toasts.say(latest.current.t('labelling.nothingToFollow'));
    stage.pause();
    const ids = here.map(({ track }) => track.id);
    setBook((old) => cutBehind(old, ids, ms, direction));
    const untilMs = direction === 'forward' ? ms + seconds * 1000 : ms - Math.min(seconds, BACKWARD_SECONDS) * 1000;
    void run('following', async (signal, onDone) => {
      let pictures = 0;
      for await (const lines of followBoxes(of.id, { direction, untilMs, boxes: here.map(({ track, at }) => ({ track: track.id, atMs: ms, box: { ...at.box } })), ends: [] }, signal)) {
        const told = lines.filter((line) => line.kind === 'picture');
        pictures += told.length;
        if (told.length > 0) setBook((old) => withFollowed(old, told));
        onDone(pictures);
        const last = lines.at(-1);
        if (last?.kind === 'failed') throw new Error(last.message);
        if (last?.kind === 'end') latest.current.toasts.say(latest.current.t(`labelling.end.${last.because}`, { count: pictures }));
      }
    });
  }, [run, setBook]);

  const undo = useCallback(async (what?: Sent) => {
    const last = what ?? latest.current.sent.at(-1);
    if (!last) return;
    try {
      await takeBack(last);
      setSent((all) => all.filter((one) => one !== last));
      refresh(['listDatasets', 'listSamples']);
      latest.current.toasts.say(latest.current.t('labelling.undone', { count: last.pictures.length }));
    } catch (error) {
      latest.current.toasts.fail(error);
    }
  }, []);

  const send = useCallback((many: boolean) => {
    const { datasetId, camera: of, book: now, shownMs, every, toasts: say, t: text } = latest.current;
    if (datasetId === null) return say.say(text('labelling.noSet'));
    const ms = shownMs();
    const one = ms === null ? null : pictureAt(now, ms);
    const pictures = many ? picturesToSend(picturesOf(now), new Map(now.tracks.map(({ id, label }) => [id, label])), every) : one === null ? [] : [one];
    if (pictures.length === 0) return say.say(text('labelling.nothingToSend'));
    void run('sending', async (signal, onDone) => {
      const done = await sendPictures(datasetId, of.id, pictures, onDone, signal);
      if (done.pictures.length > 0) {
        setSent((all) => [...all, done]);
        setUnsent(false);
        say.say(text('labelling.sent', { count: done.pictures.length, added: done.added, changed: done.changed }), () => void undo(done));
      }
      refresh(['listDatasets', 'listSamples']);
      const [problem] = done.problems;
      if (problem) say.fail(new Error(problem.problem));
    });
  }, [run, undo]);

  const relabel = useCallback((label: string) => {
    const { selected: one } = latest.current;
    if (one !== null) setBook((old) => relabelled(old, one, label));
  }, [setBook]);
  const end = useCallback((whole: boolean) => {
    const { selected: one, shownMs } = latest.current;
    const ms = shownMs();
    if (one === null || ms === null) return;
    setBook((old) => (whole ? without(old, one) : endedAt(old, one, ms)));
    setSelected(null);
  }, [setBook]);
  const selectNext = useCallback(() => {
    const { book: now, selected: one, shownMs } = latest.current;
    const ids = boxesAt(now, shownMs() ?? 0).map(({ track }) => track.id);
    setSelected(ids[(ids.indexOf(one ?? '') + 1) % Math.max(1, ids.length)] ?? null);
  }, []);
  return { book, selected, busy, sent, isUnsent, setSelected, draw, follow, send, undo, relabel, end, selectNext };
}

export type Labelling = ReturnType<typeof useLabelling>;
