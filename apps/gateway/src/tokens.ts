/** Injection tokens of what has no class: settings, clock, log. Named apart from the modules that provide them. */
export const SETTINGS = Symbol('settings');
export const CLOCK = Symbol('clock');
export const LOGGER = Symbol('logger');
