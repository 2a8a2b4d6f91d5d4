import { DefaultNamingStrategy } from 'typeorm';

/** `startedAt` in the entity is `started_at` in the table: SQL without quotes for everybody who reads it by hand. */
export class SnakeNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName || propertyName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
