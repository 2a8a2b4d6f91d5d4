import type { HarvestPreview, HarvestRecipe } from '@argus/contracts';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../../app/client.js';

/** Typing goes on for so long before anybody is asked. */
const CALM_MS = 350;

/** What a recipe would take, a moment after it was changed; the figures before stay until then. */
export function usePreview(wish: HarvestRecipe | null, enabled: boolean): UseQueryResult<HarvestPreview, Error> {
  const [asked, setAsked] = useState(wish);
  useEffect(() => {
    const timer = setTimeout(() => wish && setAsked(wish), CALM_MS);
    return () => clearTimeout(timer);
  }, [wish]);
  return useQuery({
    queryKey: ['previewHarvest', asked],
    queryFn: ({ signal }) => client.call('previewHarvest', { body: asked as HarvestRecipe, signal }),
    enabled: enabled && asked !== null,
    placeholderData: keepPreviousData,
  });
}
