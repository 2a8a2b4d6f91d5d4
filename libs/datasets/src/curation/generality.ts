/** What a model made of a set is good for: to show that it works in one place; for the places it was made in; anywhere of the kind. */
export const GRADES = ['demo', 'project', 'general'] as const;
export type Grade = (typeof GRADES)[number];

/** What a grade needs. */
export interface GradeNeeds {
  readonly scenes: number;
  readonly boxes: number;
  /** Of labelled samples: with fewer, what nobody labelled teaches that it is nothing. */
  readonly complete: number;
}

export interface GradeRules {
  readonly project: GradeNeeds;
  readonly general: GradeNeeds;
  /** With more pictures of each scene on average there is little new in them. */
  readonly mostPerScene: number;
}

/** General by the guide's rule of thumb: 5 to 8 thousand pictures with ten thousand boxes, of which a thousand show different scenes. */
export const GRADE_RULES: GradeRules = { project: { scenes: 30, boxes: 500, complete: 0.9 }, general: { scenes: 1000, boxes: 10_000, complete: 0.98 }, mostPerScene: 20 };

export interface SetFacts {
  readonly samples: number;
  readonly scenes: number;
  readonly boxes: number;
  /** Samples of which everything is labelled. */
  readonly complete: number;
}

/** Why not the next grade, or what else to know; said in the reader's language by code and values. */
export type GradeReason =
  | { readonly code: 'few-scenes' | 'few-boxes'; readonly grade: Grade; readonly have: number; readonly need: number }
  | { readonly code: 'incomplete'; readonly grade: Grade; readonly have: number; readonly need: number }
  | { readonly code: 'repeats'; readonly perScene: number; readonly most: number };

export interface Generality {
  readonly grade: Grade;
  readonly reasons: readonly GradeReason[];
}

export function gradeGenerality(facts: SetFacts, rules: GradeRules = GRADE_RULES): Generality {
  const missingFor = (grade: 'project' | 'general'): GradeReason[] => {
    const { scenes, boxes, complete } = rules[grade];
    const share = facts.samples === 0 ? 0 : facts.complete / facts.samples;
    return [
      ...(facts.scenes < scenes ? [{ code: 'few-scenes', grade, have: facts.scenes, need: scenes } as const] : []),
      ...(facts.boxes < boxes ? [{ code: 'few-boxes', grade, have: facts.boxes, need: boxes } as const] : []),
      ...(share < complete ? [{ code: 'incomplete', grade, have: share, need: complete } as const] : []),
    ];
  };
  const perScene = facts.samples / Math.max(1, facts.scenes);
  const repeats: GradeReason[] = perScene > rules.mostPerScene ? [{ code: 'repeats', perScene, most: rules.mostPerScene }] : [];
  const [project, general] = [missingFor('project'), missingFor('general')];
  if (project.length > 0) return { grade: 'demo', reasons: [...project, ...repeats] };
  return general.length > 0 ? { grade: 'project', reasons: [...general, ...repeats] } : { grade: 'general', reasons: repeats };
}
