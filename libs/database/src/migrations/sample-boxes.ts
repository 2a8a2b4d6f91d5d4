import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is known of the objects of a sample without looking into its annotations: sets of 200,000 samples are filtered and ranked by it.
 * `boxes`: x, y, width, height and 1 if occluded of each; `box_labels`: its label. Regions to ignore are none.
 */
export class SampleBoxes1790000025100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION sample_boxes(annotations jsonb) RETURNS real[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(part ORDER BY at, place), '{}')
        FROM jsonb_array_elements(annotations) WITH ORDINALITY AS one (a, at), jsonb_to_record(a->'box') AS box (x real, y real, width real, height real),
          unnest(ARRAY[box.x, box.y, box.width, box.height, CASE WHEN (a->>'occluded')::boolean THEN 1 ELSE 0 END]) WITH ORDINALITY AS parts (part, place)
        WHERE a->>'kind' IS DISTINCT FROM 'ignore'
      $$;
      CREATE FUNCTION sample_box_labels(annotations jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(a->>'label' ORDER BY at), '{}') FROM jsonb_array_elements(annotations) WITH ORDINALITY AS one (a, at) WHERE a->>'kind' IS DISTINCT FROM 'ignore'
      $$;
      ALTER TABLE dataset_samples
        ADD COLUMN boxes real[] NOT NULL GENERATED ALWAYS AS (CASE WHEN annotations = '[]' THEN '{}' ELSE sample_boxes(annotations) END) STORED,
        ADD COLUMN box_labels text[] NOT NULL GENERATED ALWAYS AS (CASE WHEN annotations = '[]' THEN '{}' ELSE sample_box_labels(annotations) END) STORED;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dataset_samples DROP COLUMN boxes, DROP COLUMN box_labels; DROP FUNCTION sample_boxes(jsonb); DROP FUNCTION sample_box_labels(jsonb)');
  }
}
