import { DATASET_FORMATS, DatasetSettings, type Dataset, type DatasetFormat } from '@argus/contracts';
import { PackageOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatBytes, whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { SelectField, SwitchField, TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { SidePanel } from '../../ui/side-panel.js';
import { DropZone } from './drop-zone.js';
import { beginImport, endImport, useImportRun } from './import-run.js';
import { ImportProgress } from './import-progress.js';
import { packTar } from './pack-tar.js';
import { pickedOf, type Picked, type PickedFile, type PickProblem } from './picked-files.js';
import { VIDEO_MARK } from '../harvest/picked-videos.js';
import { begunUploads, forgetUpload, offsetOf } from './tus-upload.js';

interface ImportPanelProps {
  /** null: a new set is made. */
  readonly dataset: Dataset | null;
  /** Dropped on the page. */
  readonly files: readonly PickedFile[] | null;
  readonly onClose: () => void;
}

/** Archives, pictures and folders into a set. */
export function ImportPanel({ dataset, files, onClose }: ImportPanelProps) {
  const { t } = useI18n();
  const run = useImportRun();
  const isHere = run !== null && (dataset === null || run.into.id === dataset.id);
  return (
    <SidePanel title={dataset ? t('imports.title', { name: dataset.name }) : t('imports.titleNew')} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {isHere && <ImportProgress run={run} />}
        {run && !isHere && <Notice tone="busy" title={t('imports.elsewhere', { name: run.name })} lines={[]} />}
        {isHere && run.phase === 'working' && <Button onClick={endImport}>{t('imports.again')}</Button>}
        {(run === null || (!isHere && run.phase === 'working')) && <ImportForm dataset={dataset} files={files} />}
      </div>
    </SidePanel>
  );
}

/** What was dropped is taken once: who imports more begins with nothing. */
const seen = new WeakSet<readonly PickedFile[]>();

function ImportForm({ dataset, files }: { dataset: Dataset | null; files: readonly PickedFile[] | null }) {
  const { t } = useI18n();
  const [picked, setPicked] = useState<Picked | PickProblem | null>(null);
  const [name, setName] = useState('');
  const [format, setFormat] = useState<'auto' | DatasetFormat>('auto');
  const [group, setGroup] = useState('');
  const [eachFolder, setEachFolder] = useState(false);
  const pick = (given: readonly PickedFile[]): void => {
    const next = pickedOf(given, packTar);
    setPicked(next);
    if ('mark' in next) setName((known) => known || titleOf(next.name));
  };
  useEffect(() => {
    if (!files || seen.has(files)) return;
    seen.add(files);
    pick(files);
  }, [files]);
  const isNamed = dataset !== null || DatasetSettings.shape.name.safeParse(name).success;
  if (picked === null || 'problem' in picked) {
    return (
      <>
        <BrokenOff />
        <DropZone onFiles={pick} />
        {picked && <p role="alert" className="m-0 text-s text-alarm">{picked.problem === 'empty' ? t('imports.empty') : t('imports.notThat', { name: picked.name })}</p>}
      </>
    );
  }
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isNamed) beginImport({ into: dataset ?? { id: null, name: name.trim() }, picked, format, group: group.trim() || null, eachFolder });
      }}
    >
      <PickedFacts picked={picked} onOther={() => setPicked(null)} />
      {dataset === null && <TextField label={t('imports.name')} error={isNamed ? undefined : t('ui.nameWanted')} value={name} onValue={setName} maxLength={200} />}
      {picked.pictures === 0 && <SelectField label={t('imports.format')} value={format} onValue={(value) => setFormat(value as typeof format)} options={[{ value: 'auto', text: t('imports.auto') }, ...DATASET_FORMATS.map((value) => ({ value, text: t(`setJobs.format.${value}`) }))]} />}
      {!eachFolder && <TextField label={t('imports.group')} hint={t('imports.groupHint')} value={group} onValue={setGroup} maxLength={300} />}
      {(picked.pictures === 0 || picked.folders > 0) && <SwitchField label={t('imports.eachFolder')} hint={t('imports.eachFolderHint')} checked={eachFolder} onChecked={setEachFolder} />}
      <Button type="submit" tone="primary" icon={PackageOpen} disabled={!isNamed}>
        {t('imports.begin')}
      </Button>
    </form>
  );
}

function PickedFacts({ picked: { name, bytes, pictures, folders }, onOther }: { picked: Picked; onOther: () => void }) {
  const { t, locale } = useI18n();
  const size = formatBytes(bytes, locale);
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-m bg-raised p-3">
      <div className="flex min-w-0 flex-1 flex-col">
        <span className="font-medium wrap-anywhere">{name}</span>
        <span className="figures text-s text-ink-3">{pictures === 0 ? size : [t('imports.pictures', { count: whole(pictures, locale), size }), ...(folders > 0 ? [t('imports.folders', { count: whole(folders, locale) })] : [])].join(' · ')}</span>
      </div>
      <Button onClick={onOther}>{t('imports.chooseOther')}</Button>
    </div>
  );
}

/** After a reload the browser has no hold of the file any more; the server still has what was sent of it. */
function BrokenOff() {
  const { t, locale } = useI18n();
  const [lines, setLines] = useState<readonly string[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    const ask = async (): Promise<void> => {
      const found: string[] = [];
      for (const { name, bytes, address, mark } of begunUploads().filter((one) => !one.mark.startsWith(VIDEO_MARK))) {
        const sent = await offsetOf(address, stop.signal).catch(() => null);
        if (stop.signal.aborted) return;
        if (sent === null) forgetUpload(mark);
        else found.push(t('imports.chooseAgain', { name, done: formatBytes(sent, locale), total: formatBytes(bytes, locale) }));
      }
      setLines(found);
    };
    void ask();
    return () => stop.abort();
  }, [t, locale]);
  return lines.length > 0 && <Notice tone="caution" title={t('imports.brokenOff')} lines={lines} />;
}

/** What a set may be called that is made of a file. */
const titleOf = (file: string): string => file.replace(/\.(zip|tar|tgz|tar\.gz|imgdataset|jpe?g|png|webp|bmp)$/i, '').slice(0, 200);
