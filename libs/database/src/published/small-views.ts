import type { PublishedView } from './published-view.js';

export const contractVersionView: PublishedView = {
  name: 'contract_version',
  comment: 'Version of this schema. Within a version columns are only added, at the end.',
  select: 'SELECT 1 AS version',
  columns: { version: 'Refuse to work when it is not the one you were written for' },
};

/** Without the URL: an address inside the network is nobody's business who only reads events. */
export const camerasView: PublishedView = {
  name: 'cameras',
  comment: 'Cameras as they are configured now.',
  select: 'SELECT id, name, enabled, tags, time_zone, zones, created_at, updated_at FROM cameras',
  columns: {
    id: 'Named by events.camera_id and tracks.camera_id',
    name: 'Name given by people; not unique',
    enabled: 'False: configured, but not connected',
    tags: 'Free words for grouping',
    time_zone: 'IANA time zone of the site',
    zones: 'Areas and lines: [{"name", "kind", "points": [{"x", "y"}, …]}, …], fractions of the picture',
    created_at: 'When it was added',
    updated_at: 'Last change of its settings',
  },
};

export const deliveriesView: PublishedView = {
  name: 'deliveries',
  comment: 'Webhook deliveries: what was sent where, and what came back.',
  select: `
    SELECT d.id, d.webhook_id, w.name AS webhook_name, d.type, d.event_id, d.state, d.attempts, d.created_at, d.last_attempt_at,
      d.next_attempt_at, d.delivered_at, d.last_status, d.last_error, d.last_duration_ms
    FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id`,
  columns: {
    id: 'Sent as header argus-delivery: the idempotency key',
    webhook_id: 'The subscription',
    webhook_name: 'Its name now',
    type: 'event.provisional, event.confirmed, event.ended or webhook.test',
    event_id: 'The event; null for tests',
    state: 'pending, delivered, retrying or dead',
    attempts: 'Requests made so far',
    created_at: 'When it was queued',
    last_attempt_at: 'When the last request began',
    next_attempt_at: 'When the next request is due; null: none is',
    delivered_at: 'When it was accepted with a 2xx answer',
    last_status: 'HTTP status of the last answer; null: no answer came',
    last_error: 'What went wrong last, in words',
    last_duration_ms: 'How long the last request took, milliseconds',
  },
};
