/** Pictures in a group of our clips, and the detector's picture inside its letterbox. */
export const GROUP_PICTURES = 50;
export const SCALED = { width: 416, height: 234 } as const;
