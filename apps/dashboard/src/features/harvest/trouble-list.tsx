import { legible, type HarvestTrouble } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { serverWords } from '../../i18n/server-words.js';

/** Files that cannot be read, and why. Their names are somebody else's. */
export function TroubleList({ troubles }: { troubles: readonly HarvestTrouble[] }) {
  const { locale } = useI18n();
  return (
    <ul className="m-0 flex max-h-80 list-none flex-col gap-2 overflow-auto p-0">
      {troubles.map(({ video, problem }, index) => (
        <li key={index} className="flex flex-col rounded-m bg-caution-soft p-2 text-s">
          <bdi className="[overflow-wrap:anywhere]">{serverWords(legible(problem), locale)}</bdi>
          <code className="font-mono text-ink-3 [overflow-wrap:anywhere]">
            <bdi>{legible(video)}</bdi>
          </code>
        </li>
      ))}
    </ul>
  );
}
