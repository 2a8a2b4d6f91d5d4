/** What asks: a data source or a transaction. */
interface Asked {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

export interface LabellingDay {
  readonly pictures: number;
  readonly boxes: number;
  readonly seconds: number;
}

/** What people labelled in a set, a row for each of them and day: what rates of labour are fitted to. */
export async function findLabelling(asked: Asked, datasetId: string): Promise<LabellingDay[]> {
  return (await asked.query(
    `SELECT pictures, boxes, active_ms / 1000.0::float8 AS seconds FROM work_times WHERE dataset_id = $1 AND activity = 'labelling' AND active_ms > 0 ORDER BY day, account`,
    [datasetId],
  )) as LabellingDay[];
}
