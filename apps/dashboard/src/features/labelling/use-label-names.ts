import { useCallback, useState } from 'react';

const KEY = 'argus.labelling.labels';
const FIRST = ['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck'];
const MOST = 30;

/** Names that boxes are given; the first nine by their digits. Kept in this browser, over cameras and sets. */
export function useLabelNames() {
  const [names, setNames] = useState(read);
  const [label, setLabel] = useState(names[0] as string);
  const add = useCallback((name: string) => {
    setNames((old) => {
      const next = old.includes(name) ? old : [...old, name].slice(-MOST);
      localStorage.setItem(KEY, JSON.stringify(next));
      return next;
    });
    setLabel(name);
  }, []);
  return { names, label, setLabel, add };
}

/** What somebody else wrote there is as good as nothing. */
function read(): string[] {
  try {
    const names: unknown = JSON.parse(localStorage.getItem(KEY) ?? '');
    return Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string' && name !== '') ? (names as string[]) : FIRST;
  } catch {
    return FIRST;
  }
}
