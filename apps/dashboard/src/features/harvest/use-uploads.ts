import { useEffect, useRef, useState } from 'react';
import type { FormPartProps } from './form-part-props.js';
import { forgetVideo, sendVideo } from './send-video.js';

/** A file on its way. */
export interface Sending {
  readonly key: string;
  readonly file: File;
  /** With the folders that it came from. */
  readonly name: string;
  readonly sent: number;
  /** null: waits or is being sent. */
  readonly problem: string | null;
}

/** Sends files one after the other; what arrived is part of the draft. Leaving the page stops it; the same files chosen again go on. */
export function useUploads(onDraft: FormPartProps['onDraft']) {
  const [items, setItems] = useState<readonly Sending[]>([]);
  const atWork = useRef<{ readonly key: string; readonly stop: AbortController } | null>(null);
  const tell = useRef(onDraft);
  tell.current = onDraft;
  useEffect(() => () => atWork.current?.stop.abort(), []);
  const open = items.filter(({ problem }) => problem === null).length;
  useEffect(() => tell.current({ uploading: open }), [open]);
  const change = (key: string, part: Partial<Sending> | null) => setItems((before) => before.flatMap((one) => (one.key !== key ? [one] : part === null ? [] : [{ ...one, ...part }])));
  const next = items.find(({ problem }) => problem === null);
  useEffect(() => {
    if (!next || atWork.current?.key === next.key) return;
    const { key, file, name } = next;
    const stop = new AbortController();
    atWork.current = { key, stop };
    sendVideo(file, name, { signal: stop.signal, onSent: (sent) => change(key, { sent }) })
      .then(
        (id) => {
          tell.current(({ uploads }) => (uploads.some((one) => one.id === id) ? {} : { uploads: [...uploads, { id, name }] }));
          change(key, null);
        },
        (error: unknown) => !stop.signal.aborted && change(key, { problem: error instanceof Error ? error.message : '' }),
      )
      .finally(() => atWork.current?.key === key && (atWork.current = null));
  }, [next]);
  return {
    items,
    add(files: readonly { readonly file: File; readonly name: string }[]) {
      const known = new Set(items.map(({ key }) => key));
      const fresh = files.map(({ file, name }) => ({ key: `${name} ${file.size} ${file.lastModified}`, file, name, sent: 0, problem: null })).filter(({ key }) => !known.has(key));
      setItems((before) => [...before, ...fresh]);
    },
    retry: (key: string) => change(key, { problem: null }),
    cancel({ key, file, name }: Sending) {
      if (atWork.current?.key === key) atWork.current.stop.abort();
      change(key, null);
      void forgetVideo(file, name);
    },
  };
}
