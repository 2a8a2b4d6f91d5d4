import { UploadId } from '@argus/contracts';
import { useEffect, useRef, useState } from 'react';
import type { PickedFile } from '../imports/picked-files.js';
import { deleteUpload, sendFile } from '../imports/tus-upload.js';
import type { FormPartProps } from './form-part-props.js';
import { markOf } from './picked-videos.js';

/** A file on its way. */
export interface Sending extends PickedFile {
  readonly mark: string;
  readonly sent: number;
  /** The connection is lost; it goes on by itself. */
  readonly isLost: boolean;
  /** Why the server does not take it; null: waits or is being sent. */
  readonly problem: string | null;
}

/** Sends files one after the other; what arrived is part of the draft. Leaving the page stops it; the same files chosen again go on. */
export function useUploads(onDraft: FormPartProps['onDraft']) {
  const [items, setItems] = useState<readonly Sending[]>([]);
  const atWork = useRef<{ readonly mark: string; readonly stop: AbortController } | null>(null);
  const tell = useRef(onDraft);
  tell.current = onDraft;
  useEffect(() => () => atWork.current?.stop.abort(), []);
  const open = items.filter(({ problem }) => problem === null).length;
  useEffect(() => tell.current({ uploading: open }), [open]);
  const change = (mark: string, part: Partial<Sending> | null) => setItems((before) => before.flatMap((one) => (one.mark !== mark ? [one] : part === null ? [] : [{ ...one, ...part }])));
  const next = items.find(({ problem }) => problem === null);
  useEffect(() => {
    if (!next || atWork.current?.mark === next.mark) return;
    const { mark, file, path: name } = next;
    const stop = new AbortController();
    atWork.current = { mark, stop };
    sendFile(file, { name, mark, signal: stop.signal, onSent: (sent) => change(mark, { sent }), onLost: (isLost) => change(mark, { isLost }) })
      .then(
        (sent) => {
          const id = UploadId.parse(sent);
          tell.current(({ uploads }) => (uploads.some((one) => one.id === id) ? {} : { uploads: [...uploads, { id, name }] }));
          change(mark, null);
        },
        (error: unknown) => !stop.signal.aborted && change(mark, { problem: error instanceof Error ? error.message : String(error) }),
      )
      .finally(() => atWork.current?.mark === mark && (atWork.current = null));
  }, [next]);
  return {
    items,
    add(files: readonly PickedFile[]) {
      const known = new Set(items.map(({ mark }) => mark));
      const fresh = files.map((one) => ({ ...one, mark: markOf(one), sent: 0, isLost: false, problem: null })).filter(({ mark }) => !known.has(mark));
      setItems((before) => [...before, ...fresh]);
    },
    retry: (mark: string) => change(mark, { problem: null }),
    cancel({ mark }: Sending) {
      if (atWork.current?.mark === mark) atWork.current.stop.abort();
      change(mark, null);
      void deleteUpload(mark);
    },
  };
}
