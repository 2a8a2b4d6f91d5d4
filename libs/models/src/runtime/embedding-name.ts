import type { ModelManifest } from '@argus/contracts';

/** What the vectors of a package are called: those of other weights are not to be compared with them, whatever its version says. */
export const embeddingName = ({ id, version, files, model }: ModelManifest): string => `${id}@${version}#${(files[model] ?? '').slice(0, 12)}`;
