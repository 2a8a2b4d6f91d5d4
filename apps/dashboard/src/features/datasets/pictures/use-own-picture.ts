import { useCallback, useState } from 'react';
import { useI18n } from '../../../i18n/i18n.js';
import { useToasts } from '../../../ui/toasts.js';
import { ownPictureOf, type OwnPicture } from './own-picture.js';

/** A picture to search by that was chosen; in no address, because it lies nowhere. */
export function useOwnPicture(onTaken: () => void) {
  const { t } = useI18n();
  const toasts = useToasts();
  const [picture, setPicture] = useState<OwnPicture | null>(null);
  const take = async (file: File) => {
    try {
      const own = await ownPictureOf(file);
      setPicture(own);
      onTaken();
    } catch {
      toasts.say(t('search.noPicture', { name: file.name }));
    }
  };
  return {
    picture,
    onFile: (file: File) => void take(file),
    end: useCallback(() => setPicture(null), []),
  };
}
