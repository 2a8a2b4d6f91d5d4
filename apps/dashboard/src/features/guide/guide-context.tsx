import type { GuideStep, GuideStepId } from '@argus/contracts';
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useCall } from '../../app/calls.js';
import { guidePath } from './guide-places.js';

interface Guide {
  /** Not offered on the data pages; its own page is always there. */
  readonly isHidden: boolean;
  readonly hide: (hidden: boolean) => void;
  /** The step that a person is being led through; null: none. */
  readonly followed: GuideStepId | null;
  readonly follow: (step: GuideStep) => void;
  readonly leave: () => void;
}

const KEY = 'argus.guide';
const GuideContext = createContext<Guide>({ isHidden: false, hide: () => undefined, followed: null, follow: () => undefined, leave: () => undefined });

/** Which step is followed, and whether the guide is offered in this browser. How far the steps are is never kept here: the gateway says it. */
export function GuideProvider({ children }: { children: ReactNode }) {
  const navigate = useNavigate();
  const [isHidden, setHidden] = useState(() => localStorage.getItem(KEY) === 'hidden');
  const [followed, setFollowed] = useState<GuideStepId | null>(null);
  const hide = useCallback((hidden: boolean) => {
    if (hidden) localStorage.setItem(KEY, 'hidden');
    else localStorage.removeItem(KEY);
    setHidden(hidden);
  }, []);
  const follow = useCallback(
    (step: GuideStep) => {
      setFollowed(step.id);
      void navigate(guidePath(step));
    },
    [navigate],
  );
  const leave = useCallback(() => setFollowed(null), []);
  const value = useMemo(() => ({ isHidden, hide, followed, follow, leave }), [isHidden, hide, followed, follow, leave]);
  return <GuideContext value={value}>{children}</GuideContext>;
}

export const useGuide = (): Guide => useContext(GuideContext);

/** Workers tell nobody that they are done: the browser asks, while somebody looks. */
const ASK_EVERY_MS = 4000;

export const useGuideSteps = () => useCall('getLearnGuide', {}, { refetchInterval: ASK_EVERY_MS, staleTime: 1000 });
