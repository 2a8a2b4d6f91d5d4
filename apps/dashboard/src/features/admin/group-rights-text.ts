import type { GroupRight } from '@argus/contracts';
import type { Translate } from '../../i18n/i18n.js';

/** Limits in a few words, for a list. */
export const groupRightsText = (rights: readonly GroupRight[], t: Translate): string => (rights.length === 0 ? t('admin.noPictures') : t('admin.groupsOf', { count: rights.length }));
