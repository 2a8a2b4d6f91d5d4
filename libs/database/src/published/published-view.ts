/** One view of the published schema: its query, and a sentence for it and for each of its columns (COMMENT ON). */
export interface PublishedView {
  readonly name: string;
  readonly comment: string;
  readonly select: string;
  readonly columns: Readonly<Record<string, string>>;
}
