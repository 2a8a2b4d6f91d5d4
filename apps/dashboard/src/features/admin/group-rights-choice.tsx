import { CAMERA_RIGHTS, groupsAllow, type CameraRight, type GroupRight, type GroupRights } from '@argus/contracts';
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useAccount } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button, IconButton } from '../../ui/button.js';
import { CONTROL, CheckField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';

const MOST = 64;
/** As wide as their words in both languages: the rest is for the group's name, also on a phone. */
const WIDTHS: Readonly<Record<CameraRight, string>> = { live: 'w-12', recordings: 'w-20', exports: 'w-14' };

interface GroupRightsChoiceProps {
  readonly rights: GroupRights;
  readonly disabled?: boolean;
  readonly onRights: (rights: GroupRights) => void;
}

/** No limits, or for each camera group what may be done with its pictures. Offers only what the account has itself. */
export function GroupRightsChoice({ rights, disabled = false, onRights }: GroupRightsChoiceProps) {
  const { t } = useI18n();
  const { groupRights: own } = useAccount();
  const cameras = useAll('listCameras').data ?? [];
  const countOf = (tag: string) => cameras.filter(({ tags }) => tags.includes(tag)).length;
  const known = own === null ? cameras.flatMap(({ tags }) => tags) : own.map(({ tag }) => tag);
  const free = [...new Set(known)].filter((tag) => !rights?.some((entry) => entry.tag === tag)).sort((a, b) => a.localeCompare(b));
  const add = (tag: string) => onRights([...(rights ?? []), { tag, live: groupsAllow(own, 'live', [tag]), recordings: groupsAllow(own, 'recordings', [tag]), exports: false }]);
  const hintId = useId();
  return (
    <fieldset disabled={disabled} aria-describedby={hintId} className="m-0 flex min-w-0 flex-col gap-2 border-0 p-0">
      <legend className="p-0 text-s font-medium text-ink-2">{t('admin.groupRights')}</legend>
      <CheckField label={t('admin.noGroupLimits')} checked={rights === null} disabled={own !== null} onChecked={(none) => onRights(none ? null : [])} />
      <p id={hintId} className="m-0 text-s text-ink-3">
        {t(rights === null ? 'admin.noGroupLimitsHint' : 'admin.groupRightsHint')}
      </p>
      {rights?.length === 0 && <Notice tone="caution" title={t('admin.noGroupYet')} lines={[t(free.length > 0 ? 'admin.noGroupYetHint' : 'admin.noTagsHint')]} />}
      {rights !== null && rights.length > 0 && <RightsTable rights={rights} own={own} countOf={countOf} onRights={onRights} />}
      {rights !== null && free.length > 0 && rights.length < MOST && <AddGroup tags={free} countOf={countOf} onAdd={add} />}
    </fieldset>
  );
}

interface RightsTableProps {
  readonly rights: readonly GroupRight[];
  readonly own: GroupRights;
  readonly countOf: (tag: string) => number;
  readonly onRights: (rights: GroupRight[]) => void;
}

function RightsTable({ rights, own, countOf, onRights }: RightsTableProps) {
  const { t } = useI18n();
  const set = (index: number, change: Partial<GroupRight>) => onRights(rights.map((entry, at) => (at === index ? { ...entry, ...change } : entry)));
  return (
    <div className="overflow-hidden rounded-m border border-line">
      <table aria-label={t('admin.groupRights')} className="w-full table-fixed border-collapse text-m">
        <thead className="bg-raised text-s text-ink-2">
          <tr>
            <th scope="col" className="border-b border-line px-3 py-2 text-left font-medium">{t('admin.groupShort')}</th>
            {CAMERA_RIGHTS.map((right) => (
              <th key={right} scope="col" className={`border-b border-line px-px py-2 font-medium ${WIDTHS[right]}`}>{t(`right.${right}`)}</th>
            ))}
            <th scope="col" className="w-10 border-b border-line">
              <span className="sr-only">{t('ui.delete')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rights.map((entry, index) => (
            <tr key={`${entry.tag} ${index}`} className="border-b border-line last:border-b-0 hover:bg-raised">
              <th scope="row" title={entry.tag} className="px-3 py-2 text-left font-medium">
                <span className="line-clamp-2 wrap-anywhere">{entry.tag}</span>
                <span className="block clip text-s font-normal text-ink-3">{t('admin.scopeOf', { count: countOf(entry.tag) })}</span>
              </th>
              {CAMERA_RIGHTS.map((right) => (
                <td key={right} className="p-0 text-center">
                  <label className="grid min-h-11 cursor-pointer place-items-center has-disabled:cursor-default">
                    <input
                      type="checkbox"
                      aria-label={t('admin.rightOf', { group: entry.tag, right: t(`right.${right}`) })}
                      className="size-4 accent-accent-fill"
                      checked={entry[right]}
                      disabled={!entry[right] && !groupsAllow(own, right, [entry.tag])}
                      onChange={(event) => set(index, { [right]: event.target.checked })}
                    />
                  </label>
                </td>
              ))}
              <td className="p-0 text-center">
                <IconButton icon={X} label={t('ui.remove', { name: entry.tag })} onClick={() => onRights(rights.filter((_, at) => at !== index))} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A choice and a button: a list that acts while arrows walk it cannot be used by keyboard. */
function AddGroup({ tags, countOf, onAdd }: { tags: readonly string[]; countOf: (tag: string) => number; onAdd: (tag: string) => void }) {
  const { t } = useI18n();
  const [chosen, setChosen] = useState('');
  const tag = tags.includes(chosen) ? chosen : (tags[0] as string);
  return (
    <div className="flex gap-2">
      <select aria-label={t('admin.group')} className={`${CONTROL} min-w-0`} value={tag} onChange={(event) => setChosen(event.target.value)}>
        {tags.map((one) => (
          <option key={one} value={one}>
            {one} · {t('admin.scopeOf', { count: countOf(one) })}
          </option>
        ))}
      </select>
      <Button icon={Plus} onClick={() => onAdd(tag)}>
        {t('admin.addGroup')}
      </Button>
    </div>
  );
}
