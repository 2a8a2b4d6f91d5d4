/** Of the process that writes a whole set. What it holds does not grow with the set, but V8 collects late where it may: 859 MB were seen of what fits into this. */
export const ARCHIVE_FLAGS = ['--max-old-space-size=224', '--max-semi-space-size=8'] as const;
