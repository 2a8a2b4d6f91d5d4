import { v7 } from 'uuid';

/** A new UUID version 7: unique and sortable by time of creation. The caller names the brand: `newId<CameraId>()`. */
export function newId<Id extends string = string>(): Id {
  return v7() as Id;
}
