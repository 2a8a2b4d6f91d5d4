import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks, the outbox and the delivery log. */
export class DeliveryTables1790000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhooks (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        url text NOT NULL,
        events text[] NOT NULL,
        filter jsonb NOT NULL,
        enabled boolean NOT NULL,
        allow_private boolean NOT NULL,
        sealed_secret text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );

      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        type text NOT NULL,
        event_id uuid NOT NULL,
        revision integer NOT NULL,
        order_key text NOT NULL,
        event jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL,
        dispatched_at timestamptz(3),
        UNIQUE (event_id, type)
      );
      CREATE INDEX outbox_waiting ON outbox (id) WHERE dispatched_at IS NULL;

      CREATE TABLE deliveries (
        id uuid PRIMARY KEY,
        webhook_id uuid NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
        outbox_id bigint,
        type text NOT NULL,
        event_id uuid,
        order_key text NOT NULL,
        body text NOT NULL,
        state text NOT NULL CHECK (state IN ('pending', 'delivered', 'retrying', 'dead')),
        attempts integer NOT NULL,
        created_at timestamptz(3) NOT NULL,
        last_attempt_at timestamptz(3),
        next_attempt_at timestamptz(3),
        delivered_at timestamptz(3),
        last_status integer,
        last_error text,
        last_duration_ms double precision,
        UNIQUE (webhook_id, outbox_id)
      );
      CREATE INDEX deliveries_newest ON deliveries (webhook_id, id DESC);
      CREATE INDEX deliveries_open ON deliveries (webhook_id, order_key, id) WHERE state IN ('pending', 'retrying');
      CREATE INDEX deliveries_due ON deliveries (webhook_id, next_attempt_at, id) WHERE state IN ('pending', 'retrying');
      CREATE INDEX deliveries_dead ON deliveries (id) WHERE state = 'dead';

      CREATE TABLE delivery_attempts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        delivery_id uuid NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
        at timestamptz(3) NOT NULL,
        status integer,
        error text,
        duration_ms double precision NOT NULL
      );
      CREATE INDEX delivery_attempts_of ON delivery_attempts (delivery_id, id DESC);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE delivery_attempts, deliveries, outbox, webhooks');
  }
}
