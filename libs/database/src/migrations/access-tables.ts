import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may come in, and what they did. */
export class AccessTables1790000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        name_key text NOT NULL UNIQUE,
        role text NOT NULL CHECK (role IN ('admin', 'operator', 'annotator', 'viewer')),
        camera_scope uuid[],
        password_hash text NOT NULL,
        disabled boolean NOT NULL,
        last_sign_in_at timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );

      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        token_hash text NOT NULL UNIQUE,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz(3) NOT NULL,
        last_seen_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        remote_address text,
        user_agent text
      );
      CREATE INDEX sessions_of ON sessions (user_id);
      CREATE INDEX sessions_expiry ON sessions (expires_at);

      CREATE TABLE api_keys (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        key_hash text NOT NULL UNIQUE,
        permissions text[] NOT NULL,
        camera_scope uuid[],
        created_at timestamptz(3) NOT NULL,
        created_by text NOT NULL,
        last_used_at timestamptz(3),
        expires_at timestamptz(3)
      );

      CREATE TABLE audit (
        id uuid PRIMARY KEY,
        at timestamptz(3) NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        subject text NOT NULL,
        subject_id text,
        details jsonb NOT NULL,
        remote_address text
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit, api_keys, sessions, users');
  }
}
