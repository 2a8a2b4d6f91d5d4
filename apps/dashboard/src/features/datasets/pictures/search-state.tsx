import { ApiError } from '@argus/api-client';
import type { Dataset, DatasetVectors, ModelSummary } from '@argus/contracts';
import { ScanSearch } from 'lucide-react';
import { useI18n } from '../../../i18n/i18n.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { FoundList } from './found-list.js';
import { MakeSearchable } from './make-searchable.js';
import type { SampleList } from './sample-list.js';

interface SearchStateProps {
  readonly dataset: Dataset;
  readonly list: SampleList;
  readonly vectors: DatasetVectors | undefined;
  readonly onReload: () => void;
}

/** Why a search found nothing at all, and what to do about it. */
export function SearchTrouble({ dataset, list, vectors, onReload }: SearchStateProps) {
  const { t } = useI18n();
  const isWords = list instanceof FoundList && list.sought.text !== null;
  if (!(list.error instanceof ApiError) || list.error.code !== 'search.no-vectors') return <ErrorNotice error={list.error} title={t('search.failed')} onRetry={onReload} />;
  const model = vectors?.models.find(({ readsText }) => readsText || !isWords)?.id ?? null;
  return (
    <EmptyState icon={ScanSearch} title={t('search.noVectors')} action={<MakeSearchable dataset={dataset} model={model} onDone={onReload} />}>
      {t('search.noVectorsWhy')}
    </EmptyState>
  );
}

/** Some pictures cannot be found yet. */
export function VectorsMissing({ dataset, list, vectors, onReload }: SearchStateProps) {
  const { t } = useI18n();
  if (!(list instanceof FoundList) || list.embedding === null || !vectors) return null;
  const missing = vectors.samples - (vectors.embeddings.find(({ name }) => name === list.embedding)?.samples ?? 0);
  if (missing <= 0) return null;
  return (
    <div role="status" className="flex shrink-0 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line bg-caution-soft px-4 py-2 text-m">
      <span>{t('search.missing', { count: missing })}</span>
      <MakeSearchable dataset={dataset} model={modelOf(list.embedding, vectors)} onDone={onReload} />
    </div>
  );
}

/** Vectors are named after what made them: `id@version#…`. */
const modelOf = (embedding: string, { models }: DatasetVectors): ModelSummary['id'] | null => models.find(({ id }) => embedding.startsWith(`${id}@`))?.id ?? null;
