import { withTestDatabase } from '@argus/testing';
import type { Pool } from 'pg';
import { expect, it } from 'vitest';
import { openDatabase } from './data-source.js';

/** Real: PostgreSQL, which ends a connection by itself. */
it('bears that a connection ends while it is in somebody’s hands and nobody asks anything', async () => {
  const database = await withTestDatabase();
  const dataSource = await openDatabase(database.url);
  const pool = (dataSource.driver as unknown as { master: Pool }).master;
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await dataSource.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await ended;
  await expect(client.query('SELECT 1')).rejects.toThrow();
  client.release(true);
  expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await dataSource.destroy();
  await database.close();
});
