/** A list of names for a query. A single parameter would be read as a list with commas, and names may have commas: twice it is read as it is. None is no parameter. */
export const wholeNames = <Name extends string>(names: readonly Name[] | undefined): readonly Name[] | undefined => (names?.length === 1 ? [...names, ...names] : names?.length === 0 ? undefined : names);
