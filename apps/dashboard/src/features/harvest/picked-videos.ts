import type { PickedFile } from '../imports/picked-files.js';

/** Begins the marks of uploads for harvests, which an import is not to go on with. */
export const VIDEO_MARK = 'video ';

/** The same file gives the same: an upload that was broken off is known again by it. */
export const markOf = ({ path, file: { size, lastModified } }: PickedFile): string => `${VIDEO_MARK}${JSON.stringify([path, size, lastModified])}`;

const VIDEO = /\.(mp4|m4v|mov|mkv|webm|avi|ts|m2ts|mts|mpe?g|vob|flv|wmv|asf|3gp|mxf|ogv|dav|h?26[45]|hevc)$/i;

/** Of folders their videos; a file that somebody chose is taken whatever it is called. */
export const videosOf = (files: readonly PickedFile[]): PickedFile[] => files.filter(({ path, file }) => file.size > 0 && (!path.includes('/') || file.type.startsWith('video/') || VIDEO.test(path)));
