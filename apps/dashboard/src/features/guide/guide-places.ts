import type { GuideStep, GuideStepId } from '@argus/contracts';

/** Names of what a step points at: `data-guide` of an element. The first that is on the screen is lit. */
export const GUIDE_SPOTS: Readonly<Record<GuideStepId, readonly string[]>> = {
  record: ['record'],
  harvest: ['harvest'],
  choose: ['job'],
  label: ['job'],
  review: ['review', 'pictures'],
  seal: ['seal-now', 'seal'],
  export: ['job'],
};

/** The very place where a step is done. */
export function guidePath({ id, cameraId, datasetId }: GuideStep): string {
  switch (id) {
    case 'record':
      return cameraId === null ? '/cameras/new' : `/cameras/${cameraId}`;
    case 'harvest':
      return '/harvest/new';
    case 'choose':
      return jobPath(datasetId, 'pick-diverse');
    case 'label':
      return jobPath(datasetId, 'auto-label');
    case 'review':
      return setPath(datasetId, 'pictures');
    case 'seal':
      return setPath(datasetId, 'versions');
    case 'export':
      return jobPath(datasetId, 'export');
  }
}

const setPath = (id: string | null, tab: string): string => (id === null ? '/datasets' : `/datasets/${id}/${tab}`);
const jobPath = (id: string | null, kind: string): string => (id === null ? '/datasets' : `${setPath(id, 'jobs')}?new=${kind}`);

/** What to do next: behind the last that is done (who has imported pictures need not record), else what was left out. null: all is done, or nothing can be. */
export function nextStep(steps: readonly GuideStep[]): GuideStep | null {
  const isOpen = ({ state, missing }: GuideStep): boolean => state === 'ready' && missing.length === 0;
  return steps.slice(steps.findLastIndex(({ state }) => state === 'done') + 1).find(isOpen) ?? steps.find(isOpen) ?? null;
}
