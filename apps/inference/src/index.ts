/** The app is started by its entries `dist/main.js` (live) and `dist/analyze.js` (offline); this is what tests of others may use. */
export { readSettings, type Settings } from './settings.js';
