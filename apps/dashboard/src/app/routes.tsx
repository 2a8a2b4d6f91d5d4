import { createBrowserRouter, Navigate } from 'react-router';
import { Skeleton } from '../ui/skeleton.js';
import { CrashPage, MissingPage } from './fallback-pages.js';
import { Shell } from './shell.js';

/** Pages are loaded when they are first opened. Everything but sign-in and set-up needs an account. */
export const router = createBrowserRouter([
  { path: '/sign-in', errorElement: <CrashPage />, hydrateFallbackElement: <Skeleton />, lazy: async () => ({ Component: (await import('../features/auth/sign-in-page.js')).SignInPage }) },
  { path: '/set-up', errorElement: <CrashPage />, hydrateFallbackElement: <Skeleton />, lazy: async () => ({ Component: (await import('../features/auth/set-up-page.js')).SetUpPage }) },
  {
    path: '/',
    element: <Shell />,
    errorElement: <CrashPage />,
    hydrateFallbackElement: <Skeleton />,
    children: [
      { index: true, element: <Navigate to="/live" replace /> },
      { path: 'live', lazy: async () => ({ Component: (await import('../features/live/live-page.js')).LivePage }) },
      { path: 'events/:id?', lazy: async () => ({ Component: (await import('../features/events/events-page.js')).EventsPage }) },
      { path: 'timeline', lazy: async () => ({ Component: (await import('../features/timeline/timeline-page.js')).TimelinePage }) },
      { path: 'timeline/label', lazy: async () => ({ Component: (await import('../features/labelling/label-page.js')).LabelPage }) },
      { path: 'cameras', lazy: async () => ({ Component: (await import('../features/cameras/cameras-page.js')).CamerasPage }) },
      { path: 'cameras/pipelines/:id?', lazy: async () => ({ Component: (await import('../features/pipelines/pipelines-page.js')).PipelinesPage }) },
      { path: 'cameras/:id', lazy: async () => ({ Component: (await import('../features/cameras/camera-page.js')).CameraPage }) },
      { path: 'rules/:id?', lazy: async () => ({ Component: (await import('../features/rules/rules-page.js')).RulesPage }) },
      { path: 'webhooks/:id?', lazy: async () => ({ Component: (await import('../features/webhooks/webhooks-page.js')).WebhooksPage }) },
      { path: 'exports/:id?', lazy: async () => ({ Component: (await import('../features/exports/exports-page.js')).ExportsPage }) },
      { path: 'examples/:name?', lazy: async () => ({ Component: (await import('../features/examples/examples-page.js')).ExamplesPage }) },
      { path: 'guide', lazy: async () => ({ Component: (await import('../features/guide/guide-page.js')).GuidePage }) },
      { path: 'harvest', lazy: async () => ({ Component: (await import('../features/harvest/harvest-page.js')).HarvestPage }) },
      { path: 'harvest/runs/:runId', lazy: async () => ({ Component: (await import('../features/harvest/harvest-page.js')).HarvestPage }) },
      { path: 'harvest/:id', lazy: async () => ({ Component: (await import('../features/harvest/recipe-page.js')).RecipePage }) },
      { path: 'datasets', lazy: async () => ({ Component: (await import('../features/datasets/datasets-page.js')).DatasetsPage }) },
      { path: 'datasets/new', lazy: async () => ({ Component: (await import('../features/datasets/datasets-page.js')).DatasetsPage }) },
      { path: 'datasets/import', lazy: async () => ({ Component: (await import('../features/datasets/datasets-page.js')).DatasetsPage }) },
      { path: 'datasets/:id/:tab?', lazy: async () => ({ Component: (await import('../features/datasets/dataset-page.js')).DatasetPage }) },
      { path: 'system', lazy: async () => ({ Component: (await import('../features/system/system-page.js')).SystemPage }) },
      { path: 'system/recordings', lazy: async () => ({ Component: (await import('../features/system/recordings/limits-page.js')).LimitsPage }) },
      { path: 'system/tuning', lazy: async () => ({ Component: (await import('../features/system/tuning/tuning-page.js')).TuningPage }) },
      { path: 'admin', element: <Navigate to="/admin/users" replace /> },
      { path: 'admin/users/:id?', lazy: async () => ({ Component: (await import('../features/admin/users-page.js')).UsersPage }) },
      { path: 'admin/api-keys/:id?', lazy: async () => ({ Component: (await import('../features/admin/api-keys-page.js')).ApiKeysPage }) },
      { path: 'admin/audit', lazy: async () => ({ Component: (await import('../features/admin/audit-page.js')).AuditPage }) },
      { path: '*', element: <MissingPage /> },
    ],
  },
]);
