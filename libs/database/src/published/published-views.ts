import { eventsView } from './events-view.js';
import type { PublishedView } from './published-view.js';
import { camerasView, contractVersionView, deliveriesView } from './small-views.js';
import { objectsHourlyView, tracksView } from './track-views.js';

/** Every view of schema `argus_public`, version 1. */
export const publishedViews: readonly PublishedView[] = [contractVersionView, camerasView, eventsView, tracksView, objectsHourlyView, deliveriesView];
