/** Work of a worker that waits or runs: harvests, exports, jobs on sample sets. */
export const isOpen = ({ state }: { readonly state: string }): boolean => state === 'queued' || state === 'running';
