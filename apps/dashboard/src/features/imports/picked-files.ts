/** Files as people gave them: with the folders that they lie in. */
export interface PickedFile {
  /** With `/` between folders. */
  readonly path: string;
  readonly file: File;
}

/** What is to be sent: one archive, or pictures that become one. */
export interface Picked {
  readonly name: string;
  readonly bytes: number;
  /** 0: an archive. */
  readonly pictures: number;
  readonly folders: number;
  /** The same files give the same: an upload that was broken off is known again by it. */
  readonly mark: string;
  readonly content: () => Blob;
}

export type PickProblem = { readonly problem: 'empty' } | { readonly problem: 'not-that'; readonly name: string };

const PICTURE = /\.(jpe?g|png|webp|bmp)$/i;
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz|imgdataset)$/i;

/** @param pack makes one archive of pictures */
export function pickedOf(files: readonly PickedFile[], pack: (files: readonly PickedFile[]) => Blob): Picked | PickProblem {
  const [first] = files;
  if (!first) return { problem: 'empty' };
  if (files.length === 1 && ARCHIVE.test(first.file.name)) {
    const { name, size, lastModified } = first.file;
    return { name, bytes: size, pictures: 0, folders: 0, mark: JSON.stringify([name, size, lastModified]), content: () => first.file };
  }
  const pictures = files.filter(({ path, file }) => PICTURE.test(path) && file.size > 0 && !isHidden(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const [picture] = pictures;
  if (!picture) return files.length === 1 ? { problem: 'not-that', name: first.file.name } : { problem: 'empty' };
  const packed = pack(pictures);
  const folders = new Set(pictures.map(({ path }) => folderOf(path)).filter((folder) => folder !== ''));
  const newest = Math.max(...pictures.map(({ file }) => file.lastModified));
  const name = folderOf(picture.path).split('/')[0] || picture.file.name;
  return { name, bytes: packed.size, pictures: pictures.length, folders: folders.size, mark: JSON.stringify([name, pictures.length, packed.size, newest]), content: () => packed };
}

const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');
/** What systems leave beside pictures. */
const isHidden = (path: string): boolean => path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');

/** From a chooser of files or folders. */
export const chosenFiles = (list: FileList | readonly File[]): PickedFile[] => [...list].map((file) => ({ file, path: file.webkitRelativePath || file.name }));

/** From a drag: folders are gone through. To be called within the event, which the browser empties behind it. */
export async function droppedFiles(data: DataTransfer): Promise<PickedFile[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const plain = [...data.files];
  if (entries.length === 0) return chosenFiles(plain);
  const found: PickedFile[] = [];
  for (const entry of entries) for await (const file of filesIn(entry)) found.push(file);
  return found;
}

async function* filesIn(entry: FileSystemEntry): AsyncGenerator<PickedFile> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    yield { file, path: entry.fullPath.replace(/^\//, '') };
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A hundred at a time, until there are none.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const inner of some) yield* filesIn(inner);
  }
}
