/** As people tell versions apart. */
export const shortDigest = (digest: string): string => digest.slice(0, 12);
