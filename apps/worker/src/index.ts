export { readSettings, type WorkerSettings } from './settings.js';
export { startWorker, type Worker } from './start-worker.js';
