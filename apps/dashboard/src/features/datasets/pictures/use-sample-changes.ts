import type { Dataset, Split } from '@argus/contracts';
import { client } from '../../../app/client.js';
import type { TextKey } from '../../../i18n/en.js';
import { useI18n } from '../../../i18n/i18n.js';
import { useToasts } from '../../../ui/toasts.js';
import { rememberSamples } from './sample-clipboard.js';
import type { SampleChange, SampleList } from './sample-list.js';
import type { Bulk } from '../use-bulk.js';

export interface SampleChanges {
  readonly setSplit: (digests: readonly string[], split: Split | null) => void;
  readonly setComplete: (digests: readonly string[], complete: boolean) => void;
  readonly setFocus: (digests: readonly string[], focus: boolean) => void;
  /** Can be undone where it is said. */
  readonly remove: (digests: readonly string[]) => void;
  readonly restore: (digests: readonly string[]) => void;
  readonly remember: (digests: readonly string[]) => void;
}

/** Everything that is done with chosen pictures: seen at once, taken back when the gateway refuses. */
export function useSampleChanges(dataset: Dataset, list: SampleList, reload: () => void, bulk: Bulk): SampleChanges {
  const { t } = useI18n();
  const toasts = useToasts();
  const params = { id: dataset.id };
  const set = async (digests: readonly string[], change: SampleChange, what: string, said: (count: number) => string) => {
    list.patch(digests, change);
    const changed = await bulk.run(what, digests, (sha256s) => client.call('changeSamples', { params, body: { sha256s, set: change } }));
    if (changed === null) reload();
    else toasts.say(said(changed));
  };
  const move = async (route: 'removeSamples' | 'restoreSamples', digests: readonly string[], what: TextKey, said: TextKey, undo?: () => void) => {
    const changed = await bulk.run(t(what), digests, (sha256s) => client.call(route, { params, body: { sha256s } }));
    if (changed === null) reload();
    else toasts.say(t(said, { count: changed }), undo);
  };
  const putBack = (digests: readonly string[]) => void move('restoreSamples', digests, 'pictures.restore', 'pictures.restored');
  return {
    setSplit: (digests, split) => void set(digests, { split }, t('pictures.toSplit'), (count) => t('pictures.splitSet', { count, split: t(`split.${split ?? 'none'}`) })),
    setComplete: (digests, complete) => void set(digests, { complete }, t(complete ? 'pictures.markComplete' : 'pictures.markIncomplete'), (count) => t(complete ? 'pictures.completeSet' : 'pictures.incompleteSet', { count })),
    setFocus: (digests, focus) => void set(digests, { focus }, t(focus ? 'pictures.focus' : 'pictures.unfocus'), (count) => t(focus ? 'pictures.focusSet' : 'pictures.focusUnset', { count })),
    remove: (digests) => {
      list.drop(digests);
      void move('removeSamples', digests, 'pictures.remove', 'pictures.removed', () => putBack(digests));
    },
    restore: (digests) => {
      list.drop(digests);
      putBack(digests);
    },
    remember: (digests) => {
      rememberSamples({ from: { id: dataset.id, name: dataset.name }, digests });
      toasts.say(t('pictures.copied', { count: digests.length }));
    },
  };
}
