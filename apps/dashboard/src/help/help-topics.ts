/** What can be explained where it is asked for; each has a title and a text in every language. */
export const HELP_TOPICS = [
  'recipe', 'run', 'set', 'copy', 'choosing', 'search', 'scenes', 'straighten', 'labelling',
  'job.pick-diverse', 'job.find-duplicates', 'job.auto-label', 'job.split', 'job.grade', 'job.regroup', 'job.redact', 'job.export', 'job.version',
] as const;
export type HelpTopic = (typeof HELP_TOPICS)[number];
