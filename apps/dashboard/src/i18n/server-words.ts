import type { Locale } from './locale.js';

/** What workers say of a file or a job, in Chinese; parts in brackets are taken over as `$1`. What is not here is shown as it came. */
const ZH: readonly (readonly [says: RegExp, zh: string])[] = [
  [/^(.+) cannot be opened as a video: it is no video, or damaged from its beginning$/, '“$1”不是视频，或文件开头已损坏，无法打开'],
  [/^(.+) cannot be opened as a video: (.+)$/, '无法将“$1”作为视频打开：$2'],
  [/^none of the footage could be read$/, '所有录像都无法读取'],
  [/^workers ended (\d+) times while they looked for the footage of this run.*$/, '查找本次运行所需录像时，工作进程 $1 次意外结束，很可能是内存不足（详见其日志和系统日志）。请增加内存后继续此运行，或减少摄像机、日期或文件后重新运行'],
  [/^workers died at this segment, or could not go on, three times$/, '工作进程在此文件上三次意外结束或无法继续'],
  [/^workers died at this place of the job three times$/, '工作进程在此作业的同一位置三次意外结束'],
  [/^expected samples to seal; the set has none$/, '样本集中没有图片，无法封存'],
  [/^expected samples to export; the set has none, or none that is wanted .*$/, '没有可导出的图片：样本集为空，或没有符合导出条件的图片（标注完整、划分）'],
  [/^expected labels that a person made or looked at; all (\d+) of these samples were made by models only, so nothing is left.*$/, '所选图片的 $1 个标注均由模型生成，尚无人检查，没有可导出的标注。请先检查并将图片标为“已标完”，或在导出时包含仅由模型生成的标注'],
  [/^the process that writes the file ended \((.+)\); there may be too little memory$/, '写文件的进程意外结束（$1），可能是内存不足'],
  [/^the file takes about (.+) GB, and (.+) GB may be written .*$/, '文件约需 $1 GB，而磁盘只能再写 $2 GB（保留 1 GB）。请减少导出的图片，或清理旧的导出和录像'],
  [/^name: there is a sample set with the name "(.+)" by now; begin the job again with another name$/, '已有名为“$1”的样本集，请换一个名称重新开始'],
  [/^model: expected a package that can \S+, got "(.+)"; on this machine there are (.+)$/, '模型“$1”无法完成此作业。本机可用的模型：$2'],
  [/^model: expected a package that can \S+, got "(.+)"; on this machine there is none .*$/, '模型“$1”无法完成此作业，本机没有可用的模型（请检查 ARGUS_MODELS_DIRS）'],
  [/^the set is changed all the time, so nothing was restored.*$/, '样本集一直在变化，没有恢复任何内容。请先停止正在写入的操作，再继续此作业'],
  [/^(\d+) of the pictures that the version names are not there any more; nothing was changed$/, '该版本中有 $1 张图片已不存在，没有做任何更改'],
  [/^the content of version (\S+) was removed at .*$/, '版本 $1 的内容已删除，请选择其他版本'],
  [/^version (\S+) cannot be read: (.+)$/, '无法读取版本 $1：$2'],
  [/^the process that works on the whole set ended \((.+)\); there may be too little memory$/, '处理样本集的进程意外结束（$1），可能是内存不足'],
  [/^the process that looks at pictures ended (\d+) times: (.+)$/, '处理图片的进程意外结束了 $1 次：$2'],
  [/^the folder "(.+)" cannot be the name of a set: expected at most (\d+) signs .*$/, '文件夹“$1”不能用作样本集名称：最多 $2 个字符，首尾不能有空格'],
  [/^the folders "(.+)" and "(.+)" would be one set.*$/, '文件夹“$1”和“$2”的名称看起来相同，会成为同一个样本集，请重命名其中一个'],
  [/^expected one set, got a matrix of several \(imgmat\).*$/, '这是包含多个样本集的图矩（imgmat），请逐个导入其中的样本集'],
  [/^expected a JPEG, PNG, WebP or BMP picture, found something else$/, '不是 JPEG、PNG、WebP 或 BMP 图片'],
  [/^(?:the archive: )?expected a whole tar archive.*$/, '无法识别该文件：需要 zip、tar、tar.gz 或 imgdataset，或文件不完整'],
  [/^(?:the archive: )?(.+\.tar): expected a whole tar archive.*$/, '归档中的“$1”不是完整的 tar 文件，或已损坏'],
  [/^annotations$/, '标注'],
  [/^key points \(their box is kept\)$/, '关键点（保留其框）'],
  [/^masks \(their box is kept\)$/, '掩码（保留其框）'],
  [/^boxes and outlines$/, '框和轮廓'],
  [/^outlines, masks and key points \(their boxes are kept\)$/, '轮廓、掩码和关键点（保留其框）'],
  [/^pictures of no class or of several$/, '没有类别或有多个类别的图片'],
  [/^places of tracks that are out of sight$/, '轨迹中不可见的位置'],
  [/^regions to ignore$/, '忽略区域'],
  [/^tracks \(their boxes are kept\)$/, '轨迹（保留其框）'],
];

/** Words of a worker in the reader's language, as far as they are known here. */
export function serverWords(text: string, locale: Locale): string {
  if (locale !== 'zh') return text;
  for (const [says, zh] of ZH) if (says.test(text)) return text.replace(says, zh);
  return text;
}
