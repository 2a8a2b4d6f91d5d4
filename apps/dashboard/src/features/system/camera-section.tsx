import { PRIORITIES, type Camera, type SystemStatus } from '@argus/contracts';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { CONTROL, CONTROL_AUTO } from '../../ui/field.js';
import { Section } from '../../ui/page.js';
import { Pager } from '../../ui/pager.js';
import { CameraFigures } from './camera-figures.js';
import { cameraRows, filterRows, pageOf, type RowFilter } from './camera-rows.js';

/** As many rows as a person looks through at once; the worst are on the first page. */
const ROWS = 25;

/** Cameras, worst first, a page at a time, so that the page is as quick with hundreds. */
export function CameraSection({ status, cameras, nowMs }: { status: SystemStatus; cameras: ReadonlyMap<string, Camera>; nowMs: number }) {
  const { t } = useI18n();
  const [filter, setFilter] = useState<RowFilter>({ words: '', show: 'all' });
  const [wanted, setWanted] = useState(1);
  const found = filterRows(cameraRows(status, cameras, nowMs), filter);
  const { shown, page, pages } = pageOf(found, wanted, ROWS);
  const change = (part: Partial<RowFilter>) => {
    setFilter({ ...filter, ...part });
    setWanted(1);
  };
  if (status.cameras.length === 0) return <Section title={t('nav.cameras')}><p className="m-0 text-ink-2">{t('cameras.empty')}</p></Section>;
  return (
    <Section title={t('nav.cameras')} action={pages > 1 && <Pager page={page} pages={pages} onPage={setWanted} />}>
      <div className="flex flex-wrap items-center gap-2">
        <label className="relative min-w-60">
          <Search aria-hidden size={16} className="absolute top-2.5 left-2 text-ink-3" />
          <input data-search type="search" aria-label={t('live.search')} placeholder={t('live.search')} value={filter.words} onChange={(event) => change({ words: event.target.value })} className={`${CONTROL} pl-8`} />
        </label>
        <select aria-label={t('system.show')} className={CONTROL_AUTO} value={filter.show} onChange={(event) => change({ show: event.target.value as RowFilter['show'] })}>
          <option value="all">{t('system.showAll')}</option>
          <option value="wrong">{t('system.showWrong')}</option>
          {PRIORITIES.map((priority) => (
            <option key={priority} value={priority}>
              {t('system.showClass', { priority: t(`priority.${priority}`) })}
            </option>
          ))}
        </select>
        <span aria-live="polite" className="figures text-s text-ink-3">{t('system.shown', { count: found.length })}</span>
      </div>
      {found.length === 0 ? <p className="m-0 text-ink-2">{t('system.noneFound')}</p> : <CameraFigures rows={shown} nowMs={nowMs} />}
    </Section>
  );
}
