export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.js';
export { PostgresBinariesError, PostgresStartError } from './errors.js';
