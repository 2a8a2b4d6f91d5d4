import type { CameraStats } from '@argus/contracts';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { decimal, formatSpan, percent, whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { warningText } from '../../i18n/warning-text.js';
import { Badge } from '../../ui/badge.js';
import { DataTable } from '../../ui/data-table.js';
import { isOld, PICTURE_MS } from '../cameras/camera-health.js';
import type { CameraRow } from './camera-rows.js';
import { DropCauses, SkipCauses } from './causes.js';

const HEAD = ['camera', 'state', 'rate', 'decode', 'recording', 'skipped', 'still', 'dropped', 'lastInference', 'latency', 'reconnects'] as const;

/** Per camera, from packet to result; every skip and every drop has its cause, and the sums add up. */
export function CameraFigures({ rows, nowMs }: { rows: readonly CameraRow[]; nowMs: number }) {
  const { t } = useI18n();
  return (
    <DataTable
      label={t('nav.cameras')}
      head={HEAD.map((name) => (
        <span key={name} title={t(`system.head.${name}Hint`)}>
          {t(`system.head.${name}`)}
        </span>
      ))}
      rows={rows.map((row) => ({ key: row.id, cells: [<Name key="name" row={row} />, <State key="state" row={row} />, ...figuresOf(row, nowMs)] }))}
      figuresFrom={2}
    />
  );
}

function figuresOf({ camera }: CameraRow, nowMs: number): ReactNode[] {
  const { stats, inferenceWithinMs } = camera;
  if (!stats) return Array.from({ length: HEAD.length - 2 }, () => '–');
  return [
    <Rate key="rate" stats={stats} />,
    <Decode key="decode" stats={stats} />,
    <Recording key="recording" stats={stats} />,
    <SkipCauses key="skipped" stats={stats} />,
    <Saved key="still" stats={stats} />,
    <DropCauses key="dropped" stats={stats} />,
    <Ages key="ages" stats={stats} nowMs={nowMs} limitMs={inferenceWithinMs} />,
    <Latency key="latency" stats={stats} />,
    String(stats.reconnects),
  ];
}

function Name({ row }: { row: CameraRow }) {
  const { t } = useI18n();
  return (
    <>
      <Link to={`/cameras/${row.id}`} className="text-ink">
        {row.name}
      </Link>
      {row.priority && row.priority !== 'normal' && <span className="block text-s font-normal text-ink-3">{t(`priority.${row.priority}`)}</span>}
    </>
  );
}

/** The word, and below it why, where something is wrong. */
function State({ row: { health, camera } }: { row: CameraRow }) {
  const { t } = useI18n();
  const why = health.word === 'no-detector' && camera.detectorProblem ? warningText(camera.detectorProblem, t) : camera.state.reason && health.tone !== 'good' ? t(`reason.${camera.state.reason}`) : null;
  return (
    <>
      <Badge tone={health.tone}>{t(`health.${health.word}`)}</Badge>
      {why && <span className="block w-max max-w-48 text-s whitespace-normal text-ink-3">{why}</span>}
    </>
  );
}

/** Analysed against wanted: the target is lower than the pipeline's while the machine is overloaded. */
function Rate({ stats }: { stats: CameraStats }) {
  const { t, locale } = useI18n();
  return (
    <>
      {t('system.rateOf', { analysed: decimal(stats.analysedFps, locale), target: decimal(stats.targetFps, locale) })}
      <span className="block text-s text-ink-3">{t('system.rateIn', { received: decimal(stats.receivedFps, locale) })}</span>
    </>
  );
}

function Decode({ stats }: { stats: CameraStats }) {
  const { t } = useI18n();
  return (
    <>
      {t(`decode.${stats.decodeMode}`)}
      <span className="block text-s text-ink-3">{stats.decoder ?? '–'}</span>
    </>
  );
}

/** What is kept, and below it the main stream, where that is another one than the one above. */
function Recording({ stats: { recorder, main } }: { stats: CameraStats }) {
  const { t } = useI18n();
  return (
    <>
      <span title={recorder?.problem ?? undefined} className={recorder?.state === 'failed' ? 'font-medium text-caution' : ''}>
        {recorder ? t(`recorder.${recorder.state}`) : '–'}
      </span>
      {main && (
        <span title={main.problem ?? undefined} className={`block text-s ${main.problem === null ? 'text-ink-3' : 'font-medium text-caution'}`}>
          {t('system.mainStream', { state: t(`main.${main.state}`) })}
        </span>
      )}
    </>
  );
}

/** Still scenes that were not analysed: what the motion gate saved. */
function Saved({ stats }: { stats: CameraStats }) {
  const { locale } = useI18n();
  const due = stats.still + stats.offered;
  return (
    <>
      {due > 0 ? percent(stats.still / due, locale) : '–'}
      <span className="block text-s text-ink-3">{whole(stats.still, locale)}</span>
    </>
  );
}

function Ages({ stats, nowMs, limitMs }: { stats: CameraStats; nowMs: number; limitMs: number }) {
  const { t, locale } = useI18n();
  const span = (at: string | null) => (at ? formatSpan(nowMs - Date.parse(at), locale) : t('system.never'));
  const look = (at: string | null, limit: number, fine: string) => (isOld(at, nowMs, limit) ? 'font-medium text-caution' : fine);
  return (
    <>
      <span className={look(stats.lastInferenceAt, limitMs, '')} title={t('system.expectedWithin', { span: formatSpan(limitMs, locale) })}>
        {span(stats.lastInferenceAt)}
      </span>
      <span className={`block text-s ${look(stats.lastFrameAt, PICTURE_MS, 'text-ink-3')}`}>{t('system.lastPicture', { span: span(stats.lastFrameAt) })}</span>
    </>
  );
}

function Latency({ stats }: { stats: CameraStats }) {
  const { locale } = useI18n();
  if (stats.latencyMsP50 === null) return '–';
  return (
    <>
      {whole(stats.latencyMsP50, locale)} ms
      {stats.latencyMsP95 !== null && <span className="block text-s text-ink-3">p95 {whole(stats.latencyMsP95, locale)} ms</span>}
    </>
  );
}
