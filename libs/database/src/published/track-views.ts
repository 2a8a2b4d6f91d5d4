import type { PublishedView } from './published-view.js';

export const tracksView: PublishedView = {
  name: 'tracks',
  comment: 'Objects that were followed and have gone.',
  select: `
    SELECT id, camera_id, label, score, started_at, ended_at, extract(epoch FROM ended_at - started_at)::double precision AS duration_seconds,
      attributes, path, detector_id, detector_version
    FROM tracks`,
  columns: {
    id: 'Named by events.track_id',
    camera_id: 'The camera; it may have been removed since',
    label: 'What the detector calls the object',
    score: 'Best score over its life, 0 to 1',
    started_at: 'First seen',
    ended_at: 'Last seen',
    duration_seconds: 'ended_at minus started_at',
    attributes: 'Second stage by name, final vote',
    path: 'Bottom centre of the box over time: [{"x", "y", "ptsUs"}, …], x and y as fractions of the picture',
    detector_id: 'Model package that found it',
    detector_version: 'Version of that package',
  },
};

export const objectsHourlyView: PublishedView = {
  name: 'objects_hourly',
  comment: 'Tracks counted per hour (UTC), camera and label. Always current; filter by hour to keep it quick.',
  select: `
    SELECT date_trunc('hour', started_at, 'UTC') AS hour, camera_id, label, count(*) AS objects,
      avg(extract(epoch FROM ended_at - started_at))::double precision AS mean_seconds,
      max(extract(epoch FROM ended_at - started_at))::double precision AS longest_seconds
    FROM tracks
    GROUP BY 1, 2, 3`,
  columns: {
    hour: 'Start of the hour in which the objects appeared',
    camera_id: 'The camera; it may have been removed since',
    label: 'What the detector calls the objects',
    objects: 'How many appeared in this hour',
    mean_seconds: 'How long they were seen on average',
    longest_seconds: 'How long the one seen longest was seen',
  },
};
