import type { MigrationInterface, QueryRunner } from 'typeorm';
import { publishedViews } from '../published/published-views.js';
import { quoteLiteral } from '../published/quote-literal.js';

/**
 * Roles belong to the whole cluster, databases do not: another Argus database may have made the role already, at this very moment
 * even. A login that may not create roles still gets its tables; docs/guide/sql.md says what its administrator has to run.
 */
const READER_ROLE = `
  DO $role$
  BEGIN
    CREATE ROLE argus_reader NOLOGIN;
  EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN RAISE WARNING 'role argus_reader was not created: see docs/guide/sql.md';
  END
  $role$`;

const READER_GRANTS = `
  DO $grants$
  BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'argus_reader') THEN
      GRANT USAGE ON SCHEMA argus_public TO argus_reader;
      GRANT SELECT ON ALL TABLES IN SCHEMA argus_public TO argus_reader;
    END IF;
  END
  $grants$`;

/** Version 1 of the published contract. A change that is not an added column needs a new version and a new migration. */
export class PublishedSchema1790000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA argus_public');
    await runner.query(`COMMENT ON SCHEMA argus_public IS 'What business applications may build on; see docs/guide/sql.md'`);
    for (const view of publishedViews) {
      await runner.query(`CREATE VIEW argus_public.${view.name} AS ${view.select}`);
      await runner.query(`COMMENT ON VIEW argus_public.${view.name} IS ${quoteLiteral(view.comment)}`);
      for (const [column, comment] of Object.entries(view.columns)) {
        await runner.query(`COMMENT ON COLUMN argus_public.${view.name}.${column} IS ${quoteLiteral(comment)}`);
      }
    }
    await runner.query(READER_ROLE);
    await runner.query(READER_GRANTS);
  }

  /** The role stays: other databases of the cluster may use it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA argus_public CASCADE');
  }
}
