import { listDevices } from './devices.js';

/** A throw-away process that tries every provider, says what it found, and ends. */
const devices = await listDevices();
process.send?.(devices, undefined, undefined, () => process.exit(0));
