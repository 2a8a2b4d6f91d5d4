import type { DatasetVectors, Dataset } from '@argus/contracts';
import { Search, X } from 'lucide-react';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { IconButton } from '../../ui/button.js';
import { CONTROL } from '../../ui/field.js';
import { thumbnailOf } from './picture-tile.js';
import type { PictureFilter } from './sample-filter.js';

interface SearchBoxProps {
  readonly dataset: Dataset;
  readonly filter: PictureFilter;
  readonly onFilter: (filter: PictureFilter, isStep?: boolean) => void;
  /** undefined: not known yet. */
  readonly vectors: DatasetVectors | undefined;
}

/** What is sought, and where words are written; words only where a package understands them. */
export function SearchBox({ dataset, filter, onFilter, vectors }: SearchBoxProps) {
  const readsText = vectors?.models.some((model) => model.readsText) ?? false;
  return (
    <>
      {filter.like !== null && <LikeChip dataset={dataset} digest={filter.like} onClear={() => onFilter({ ...filter, like: null }, true)} />}
      {(readsText || filter.text !== null) && <WordsField key={filter.text} text={filter.text ?? ''} onText={(text) => onFilter({ ...filter, text, like: null }, true)} />}
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
      className="relative w-full sm:w-64"
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

function LikeChip({ dataset, digest, onClear }: { dataset: Dataset; digest: string; onClear: () => void }) {
  const { t } = useI18n();
  return (
    <span className="inline-flex min-h-9 shrink-0 items-center gap-2 rounded-m border border-accent bg-accent-soft pl-1 text-m">
      <img src={thumbnailOf(dataset.id, digest)} alt="" className="h-7 w-12 rounded-s bg-video object-contain" />
      {t('search.likeThis')}
      <IconButton icon={X} label={t('search.end')} onClick={onClear} />
    </span>
  );
}
