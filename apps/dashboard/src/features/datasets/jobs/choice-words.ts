import type { DatasetJobOptions } from '@argus/contracts';
import type { Translate } from '../../../i18n/i18n.js';

/** What tells two jobs of one kind apart; null: nothing does. */
export function choiceWords(options: DatasetJobOptions, t: Translate): string | null {
  switch (options.kind) {
    case 'pick-diverse':
      return t('pictures.count', { count: options.count });
    case 'find-duplicates':
      return t(`setJobs.how.${options.how}`);
    case 'auto-label':
      return [options.model, ...options.also].join(', ');
    case 'redact':
      return `${options.name} · ${t(`setJobs.redact.${options.how}`)}`;
    case 'regroup':
      return options.name;
    case 'export':
      return t(`setJobs.format.${options.format}`);
    case 'version':
      return options.message || null;
    default:
      return null;
  }
}
