/** A file with the folders that it was dropped or chosen with. */
export interface NamedFile {
  readonly file: File;
  readonly name: string;
}

/** Files of a field: with its folder, where a folder was chosen. */
export const chosenFiles = (files: FileList | null): NamedFile[] => [...(files ?? [])].map((file) => ({ file, name: file.webkitRelativePath || file.name }));

/** Files that were dropped, and those in dropped folders that are videos by type or name. */
export async function droppedFiles(items: DataTransferItemList): Promise<NamedFile[]> {
  // Before the first wait: the browser empties the list behind it.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map((entry) => filesOf(entry, '')))).flat();
}

async function filesOf(entry: FileSystemEntry, above: string): Promise<NamedFile[]> {
  const name = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return above === '' || isVideo(file) ? [{ file, name }] : [];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: NamedFile[] = [];
  // A browser gives a hundred at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesOf(one, `${name}/`)));
  }
}

const isVideo = ({ type, name }: File): boolean => type.startsWith('video/') || /\.(mp4|m4v|mov|mkv|webm|avi|m?ts|m2ts|mpe?g|vob|flv|wmv|asf|3gp|mxf|ogv|dav|h26[45]|26[45]|hevc)$/i.test(name);
