import { Plus, Tags, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { useI18n } from '../../../i18n/i18n.js';
import { Button, IconButton } from '../../../ui/button.js';
import { NumberField, TextField } from '../../../ui/field.js';
import { GIGABYTE, newTagLimit, type LimitsDraft } from './limits-draft.js';

interface TagLimitsProps {
  readonly draft: LimitsDraft;
  readonly problemOf: (path: string) => string | undefined;
  readonly readOnly: boolean;
  /** Tags of cameras, and how many have each; null: not known yet. */
  readonly known: ReadonlyMap<string, number> | null;
  readonly onDraft: (draft: LimitsDraft) => void;
}

/** One line a tag: what its cameras may keep together. */
export function TagLimits({ draft, problemOf, readOnly, known, onDraft }: TagLimitsProps) {
  const { t } = useI18n();
  const list = useId();
  const setTags = (tags: LimitsDraft['tags']) => onDraft({ ...draft, tags });
  const hintOf = (tag: string) => (known === null || tag.trim() === '' ? undefined : known.has(tag.trim()) ? t('limits.camerasWith', { count: known.get(tag.trim()) ?? 0 }) : t('limits.noCameraWith'));
  return (
    <div className="flex max-w-180 flex-col gap-3">
      {draft.tags.length === 0 && (
        <p className="m-0 flex items-center gap-3 rounded-m border border-dashed border-line-strong p-4 text-ink-2">
          <Tags aria-hidden size={20} className="shrink-0 text-ink-3" />
          {t(readOnly ? 'limits.noTags' : 'limits.noTagsAdd')}
        </p>
      )}
      {draft.tags.map((line, index) => (
        <div key={index} role="group" aria-label={t('limits.ofTag', { tag: line.tag || index + 1 })} className="grid grid-cols-[1fr_auto] gap-3 rounded-m border border-line p-3 sm:grid-cols-[1fr_12rem_auto]">
          <TextField label={t('limits.tag')} hint={hintOf(line.tag)} error={problemOf(`tags.${index}.tag`)} value={line.tag} onValue={(tag) => setTags(draft.tags.with(index, { ...line, tag }))} list={list} maxLength={60} spellCheck={false} autoComplete="off" />
          <div className="max-sm:col-span-2 max-sm:row-start-2">
            <NumberField
              label={t('limits.keep')}
              unit="GB"
              error={problemOf(`tags.${index}.keepBytes`)}
              value={line.keepBytes === null ? null : line.keepBytes / GIGABYTE}
              onValue={(gigabytes) => setTags(draft.tags.with(index, { ...line, keepBytes: gigabytes === null ? null : Math.round(gigabytes * GIGABYTE) }))}
              min={0.001}
              step="any"
            />
          </div>
          {!readOnly && (
            <div className="pt-5">
              <IconButton icon={Trash2} label={t('ui.remove', { name: t('limits.ofTag', { tag: line.tag || index + 1 }) })} onClick={() => setTags(draft.tags.toSpliced(index, 1))} />
            </div>
          )}
        </div>
      ))}
      <datalist id={list}>
        {[...(known?.keys() ?? [])].map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
      {!readOnly && draft.tags.length < 100 && (
        <div>
          <Button icon={Plus} onClick={() => setTags([...draft.tags, newTagLimit(draft, [...(known?.keys() ?? [])])])}>
            {t('limits.addTag')}
          </Button>
        </div>
      )}
    </div>
  );
}
