import { findLabelling, type DatasetEntity } from '@argus/database';
import { measuredRates } from '@argus/datasets';
import type { DataSource } from 'typeorm';
import type { Yardstick } from './sample-worth.js';

export async function yardstickOf(dataSource: DataSource, { id, goal }: Pick<DatasetEntity, 'id' | 'goal'>): Promise<Yardstick> {
  const { secondsPerPicture, secondsPerBox } = measuredRates(await findLabelling(dataSource, id));
  return { goal, rates: { secondsPerPicture, secondsPerBox } };
}
