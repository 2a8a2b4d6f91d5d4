import { ChevronLeft, ChevronRight, ChevronsRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { Button, IconButton } from '../../ui/button.js';
import { CONTROL_AUTO } from '../../ui/field.js';
import type { FootageStage } from './player/footage-stage.js';
import { dayOf, shiftDay } from './zoned-day.js';

/** The day that is played, in the site's zone. */
export function DayChoice({ stage, timeZone, onDay, onNow }: { stage: FootageStage; timeZone: string; onDay: (day: string) => void; onNow: () => void }) {
  const { t } = useI18n();
  const [day, setDay] = useState(() => dayOf(stage.positionMs, timeZone));
  useEffect(() => {
    const look = () => setDay(dayOf(stage.positionMs, timeZone));
    look();
    const timer = setInterval(look, 1000);
    const stop = stage.subscribe(look);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [stage, timeZone]);
  const today = dayOf(Date.now(), timeZone);
  return (
    <div className="flex items-center gap-1" role="group" aria-label={t('timeline.day')}>
      <IconButton icon={ChevronLeft} label={t('timeline.previousDay')} onClick={() => onDay(shiftDay(day, -1))} />
      <input type="date" aria-label={t('timeline.day')} value={day} max={today} onChange={(event) => event.target.value && onDay(event.target.value)} className={`${CONTROL_AUTO} figures min-w-0 px-2 max-sm:w-34 max-sm:px-1`} />
      <IconButton icon={ChevronRight} label={t('timeline.nextDay')} disabled={day >= today} onClick={() => onDay(shiftDay(day, 1))} />
      <Button aria-label={t('timeline.now')} title={t('timeline.now')} onClick={onNow} className="max-sm:px-2">
        <ChevronsRight aria-hidden size={16} className="sm:hidden" />
        <span className="max-sm:hidden">{t('timeline.now')}</span>
      </Button>
    </div>
  );
}
