export { WakeUpQueue, type WakeUpQueueOptions } from './wake-up-queue.js';
