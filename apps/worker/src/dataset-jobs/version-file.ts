import { join } from 'node:path';

export const versionsFolder = (samplesDir: string): string => join(samplesDir, 'versions');
export const versionFile = (samplesDir: string, digest: string): string => join(versionsFolder(samplesDir), `${digest}.imgdataset`);
