import { DROP_CAUSES, type Camera, type CameraStats, type SystemStatus } from '@argus/contracts';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { decimal, formatSpan, percent, whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { Badge } from '../../ui/badge.js';
import { DataTable } from '../../ui/data-table.js';
import { cameraHealth, isOld } from '../cameras/camera-health.js';

interface CameraFiguresProps {
  readonly status: SystemStatus;
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly nowMs: number;
}

/** Per camera, from packet to result; every drop has its cause, and the sums add up. */
export function CameraFigures({ status, cameras, nowMs }: CameraFiguresProps) {
  const { t } = useI18n();
  if (status.cameras.length === 0) return <p className="m-0 text-ink-2">{t('cameras.empty')}</p>;
  const head = ['camera', 'state', 'received', 'decoded', 'still', 'analysed', 'dropped', 'lastFrame', 'lastInference', 'latency', 'reconnects'] as const;
  const rows = status.cameras.map(({ state, stats }) => {
    const { word, tone } = cameraHealth(state, stats, nowMs);
    const name = (
      <Link to={`/cameras/${state.cameraId}`} className="text-ink">
        {cameras.get(state.cameraId)?.name ?? state.cameraId}
      </Link>
    );
    return { key: state.cameraId, cells: [name, <Badge key="state" tone={tone}>{t(`health.${word}`)}</Badge>, ...(stats ? figuresOf(stats, nowMs) : Array.from({ length: 9 }, () => '–'))] };
  });
  return <DataTable label={t('nav.cameras')} head={head.map((name) => <span key={name} title={t(`system.head.${name}Hint`)}>{t(`system.head.${name}`)}</span>)} rows={rows} figuresFrom={2} />;

  function figuresOf(stats: CameraStats, at: number): ReactNode[] {
    return [
      <Counted key="received" count={stats.received} fps={stats.receivedFps} />,
      <Counted key="decoded" count={stats.decoded} />,
      <Saved key="still" stats={stats} />,
      <Counted key="analysed" count={stats.analysed} fps={stats.analysedFps} />,
      <Dropped key="dropped" stats={stats} />,
      <Age key="frame" at={stats.lastFrameAt} nowMs={at} limitMs={10_000} />,
      <Age key="inference" at={stats.lastInferenceAt} nowMs={at} limitMs={30_000} />,
      <Latency key="latency" stats={stats} />,
      String(stats.reconnects),
    ];
  }
}

function Counted({ count, fps }: { count: number; fps?: number }) {
  const { t, locale } = useI18n();
  return (
    <>
      {whole(count, locale)}
      {fps !== undefined && <span className="block text-s text-ink-3">{t('ui.fps', { value: decimal(fps, locale) })}</span>}
    </>
  );
}

/** Still scenes that were not analysed: what the motion gate saved. */
function Saved({ stats }: { stats: CameraStats }) {
  const { locale } = useI18n();
  const due = stats.still + stats.offered;
  return (
    <>
      {whole(stats.still, locale)}
      <span className="block text-s text-ink-3">{due > 0 ? percent(stats.still / due, locale) : '–'}</span>
    </>
  );
}

function Dropped({ stats }: { stats: CameraStats }) {
  const { t, locale } = useI18n();
  const causes = DROP_CAUSES.map((cause) => [cause, stats.dropped[cause] ?? 0] as const).filter(([, count]) => count > 0);
  const sum = causes.reduce((total, [, count]) => total + count, 0);
  return (
    <>
      {whole(sum, locale)}
      {causes.map(([cause, count]) => (
        <span key={cause} className="block text-s text-ink-3">
          {t(`drop.${cause}`)} {whole(count, locale)}
        </span>
      ))}
    </>
  );
}

function Age({ at, nowMs, limitMs }: { at: string | null; nowMs: number; limitMs: number }) {
  const { t, locale } = useI18n();
  const old = isOld(at, nowMs, limitMs);
  return <span className={old ? 'font-medium text-caution' : ''}>{at ? formatSpan(nowMs - Date.parse(at), locale) : t('system.never')}</span>;
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
