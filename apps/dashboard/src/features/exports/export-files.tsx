import type { Export, ExportFile } from '@argus/contracts';
import { Check, Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { useCamerasById } from '../../app/cameras.js';
import { client } from '../../app/client.js';
import { formatBytes } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { IconButton } from '../../ui/button.js';
import { When } from '../../ui/when.js';

/** Finished files, each with what it shows and its digest, and the manifest over all of them. */
export function ExportFiles({ item }: { item: Export }) {
  const { t } = useI18n();
  return (
    <section aria-label={t('exports.files')} className="flex flex-col gap-2">
      <h3 className="m-0 text-m font-semibold">{t('exports.files')}</h3>
      {item.files.length === 0 && <p className="m-0 text-s text-ink-3">{t('exports.noFiles')}</p>}
      <ul className="m-0 flex list-none flex-col gap-2 p-0">
        {item.files.map((file) => (
          <FileRow key={file.name} item={item} file={file} />
        ))}
        {item.manifestSha256 !== null && (
          <li className="flex flex-col gap-1 rounded-m border border-line p-3">
            <FileHead name="manifest.json" address={client.url('getExportManifest', { params: { id: item.id } })} />
            <p className="m-0 text-s text-ink-3">{t('exports.manifestWhat')}</p>
            <Digest text={item.manifestSha256} name="manifest.json" />
          </li>
        )}
      </ul>
    </section>
  );
}

function FileRow({ item, file }: { item: Export; file: ExportFile }) {
  const { t, locale } = useI18n();
  const zone = useCamerasById().get(file.cameraId)?.timeZone ?? 'UTC';
  return (
    <li className="flex flex-col gap-1 rounded-m border border-line p-3">
      <FileHead name={file.name} address={client.url('getExportFile', { params: { id: item.id, name: file.name } })} />
      <p className="figures m-0 text-s text-ink-2">
        {formatBytes(file.bytes, locale)} · {t(`exports.encoded.${file.encoded}`)}
        {file.gaps.length > 0 && ` · ${t('exports.gaps', { count: file.gaps.length })}`}
      </p>
      <p className="m-0 text-s text-ink-3">
        <When at={file.startAt} zone={zone} /> – <When at={file.endAt} zone={zone} />
      </p>
      {file.gaps.length > 0 && (
        <details className="text-s text-ink-3">
          <summary className="min-h-6">{t('exports.gapList')}</summary>
          <ul className="m-0 list-none p-0 pl-4">
            {file.gaps.map(({ startAt, endAt }) => (
              <li key={startAt}>
                <When at={startAt} zone={zone} /> – <When at={endAt} zone={zone} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <Digest text={file.sha256} name={file.name} />
    </li>
  );
}

function FileHead({ name, address }: { name: string; address: string }) {
  const { t } = useI18n();
  return (
    <div className="flex items-center gap-2">
      <span className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">{name}</span>
      <a
        href={address}
        download={name}
        aria-label={t('exports.downloadName', { name })}
        className="inline-flex min-h-9 shrink-0 items-center gap-2 rounded-m border border-line-strong bg-surface px-3 text-m font-medium text-ink no-underline hover:bg-raised"
      >
        <Download aria-hidden size={16} /> {t('exports.download')}
      </a>
    </div>
  );
}

/** The whole digest, to be read and copied. */
function Digest({ text, name }: { text: string; name: string }) {
  const { t } = useI18n();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).then(() => setCopied(true), () => undefined);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div className="flex items-center gap-1">
      <code className="min-w-0 flex-1 font-mono text-s break-all text-ink-3 select-all" aria-label={`${t('exports.digest')} ${name}`}>
        {text}
      </code>
      <IconButton icon={copied ? Check : Copy} label={copied ? t('ui.copied') : `${t('exports.copyDigest')} ${name}`} onClick={() => void copy()} />
    </div>
  );
}
