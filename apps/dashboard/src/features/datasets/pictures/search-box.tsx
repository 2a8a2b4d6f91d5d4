import type { DatasetVectors, Dataset } from '@argus/contracts';
import { ImageUp, Search, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useCan } from '../../../app/account.js';
import { useI18n } from '../../../i18n/i18n.js';
import { IconButton } from '../../../ui/button.js';
import { CONTROL } from '../../../ui/field.js';
import type { OwnPicture } from './own-picture.js';
import { thumbnailOf } from './picture-tile.js';
import type { PictureFilter } from '../sample-filter.js';

interface SearchBoxProps {
  readonly dataset: Dataset;
  readonly filter: PictureFilter;
  readonly onFilter: (filter: PictureFilter, isStep?: boolean) => void;
  /** undefined: not known yet. */
  readonly vectors: DatasetVectors | undefined;
  readonly picture: OwnPicture | null;
  readonly onFile: (file: File) => void;
  readonly onEnd: () => void;
}

/** What is sought, and where words are written; words only where a package understands them. */
export function SearchBox({ dataset, filter, onFilter, vectors, picture, onFile, onEnd }: SearchBoxProps) {
  const mayWrite = useCan()('dataset.write');
  const readsText = vectors?.models.some((model) => model.readsText) ?? false;
  return (
    <>
      {filter.like !== null && <LikeChip src={thumbnailOf(dataset.id, filter.like)} onClear={() => onFilter({ ...filter, like: null }, true)} />}
      {picture !== null && <LikeChip src={picture.url} onClear={onEnd} />}
      {(readsText || filter.text !== null) && <WordsField key={filter.text} text={filter.text ?? ''} onText={(text) => onFilter({ ...filter, text, like: null }, true)} />}
      {mayWrite && <FileButton onFile={onFile} />}
    </>
  );
}

/** Asked when Enter is pressed: half a word means something else. */
function WordsField({ text, onText }: { text: string; onText: (text: string | null) => void }) {
  const { t } = useI18n();
  const [words, setWords] = useState(text);
  const ask = () => {
    const next = words.trim();
    if (next !== text) onText(next || null);
  };
  return (
    <form
      role="search"
      className="relative min-w-40 flex-1 sm:w-64 sm:flex-none"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Search aria-hidden size={16} className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-ink-3" />
      <input
        data-search
        type="text"
        enterKeyHint="search"
        aria-label={t('search.words')}
        placeholder={t('search.words')}
        maxLength={500}
        className={`${CONTROL} px-9 ${text ? 'border-accent! bg-accent-soft!' : ''}`}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && setWords(text)}
      />
      {words !== '' && (
        <IconButton
          icon={X}
          label={t('search.end')}
          className="absolute top-0 right-0"
          onClick={() => {
            setWords('');
            if (text) onText(null);
          }}
        />
      )}
    </form>
  );
}

/** A picture of one's own. */
function FileButton({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useI18n();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon={ImageUp} label={t('search.ownPicture')} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('search.ownPicture')}
        accept="image/*"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file may be chosen again.
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}

function LikeChip({ src, onClear }: { src: string; onClear: () => void }) {
  const { t } = useI18n();
  return (
    <span className="inline-flex min-h-9 shrink-0 items-center gap-2 rounded-m border border-accent bg-accent-soft pl-1 text-m">
      <img src={src} alt="" className="h-7 w-12 rounded-s bg-video object-contain" />
      {t('search.likeThis')}
      <IconButton icon={X} label={t('search.end')} onClick={onClear} />
    </span>
  );
}
