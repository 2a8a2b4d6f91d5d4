/**
 * @title Count events per hour with SQL
 * @title:zh 用 SQL 按小时统计事件
 * @summary Reads the published schema argus_public, as business software and reports may, and prints how many events each camera had in each hour of its own time zone.
 * @summary:zh 读取对外发布的 argus_public 模式（业务软件与报表均可使用），按各摄像机所在时区打印每小时的事件数。
 * @keywords SQL, PostgreSQL, report, count, hour, argus_public, 报表, 统计, 计数, 数据库
 * @needs DATABASE_URL of a login with the role argus_reader, see docs/guide/sql.md
 * @run node examples/events-per-hour.ts [--days 7] [--label person]
 */
import { parseArgs } from 'node:util';
import { Client } from 'pg';

const { values } = parseArgs({ options: { days: { type: 'string', default: '7' }, label: { type: 'string' } } });
const database = new Client({ connectionString: process.env['DATABASE_URL'] });
await database.connect();
try {
  const { rows: [contract] } = await database.query<{ version: number }>('SELECT version FROM argus_public.contract_version');
  if (Number(contract?.version) !== 1) throw new Error(`expected version 1 of argus_public, got ${String(contract?.version)}; look what changed in docs/guide/sql.md`);
  // Events outlive their cameras, so a zone may be missing.
  const { rows } = await database.query<{ camera: string; hour: string; events: number }>(
    `SELECT e.camera_name AS camera, to_char(date_trunc('hour', e.started_at AT TIME ZONE coalesce(c.time_zone, 'UTC')), 'YYYY-MM-DD HH24:00') AS hour, count(*)::int AS events
     FROM argus_public.events AS e LEFT JOIN argus_public.cameras AS c ON c.id = e.camera_id
     WHERE e.state IN ('confirmed', 'ended') AND e.started_at >= now() - $1::int * interval '1 day' AND ($2::text IS NULL OR e.label = $2)
     GROUP BY 1, 2 ORDER BY 2, 1`,
    [Number(values.days), values.label ?? null],
  );
  for (const { hour, camera, events } of rows) console.log(`${hour}  ${camera}  ${events}`);
  console.log(`${rows.reduce((sum, { events }) => sum + events, 0)} events in ${values.days} days`);
} finally {
  await database.end();
}
