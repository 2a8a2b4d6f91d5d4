import { Client } from 'pg';
import { expect, it } from 'vitest';
import { withTestDatabase, type TestDatabase } from './postgres-fixture.js';

/** Real: PostgreSQL. */
it('gives databases that know nothing of each other, and builds a template once, whoever asks at the same time', async () => {
  let prepared = 0;
  const template = {
    name: 'fixture-spec',
    prepare: async (url: string) => {
      prepared += 1;
      await run(url, 'CREATE TABLE seeds AS SELECT 7 AS n');
    },
  };
  const [a, b] = (await Promise.all([withTestDatabase({ template }), withTestDatabase({ template })])) as [TestDatabase, TestDatabase];
  await run(a.url, 'UPDATE seeds SET n = 8');
  expect(await run(b.url, 'SELECT n FROM seeds')).toEqual([{ n: 7 }]);
  expect(prepared).toBe(1);
  await a.close();
  await expect(run(a.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
  await b.close();
});

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
