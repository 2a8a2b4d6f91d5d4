/** No camera goes below this rate, analysed pictures per second: better late than blind. */
export const LOWEST_FPS = 0.2;
