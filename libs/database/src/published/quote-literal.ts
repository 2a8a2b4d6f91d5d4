/** A text as an SQL literal, for statements that take no parameters (COMMENT ON). */
export const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
