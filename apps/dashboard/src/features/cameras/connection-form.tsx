import { useAccount } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { SwitchField, TextField } from '../../ui/field.js';
import type { CameraDraft } from './camera-draft.js';
import { StreamProbe } from './stream-probe.js';

interface ConnectionFormProps {
  readonly draft: CameraDraft;
  readonly cameraId: string | null;
  readonly problems: Readonly<Record<string, string>>;
  /** What the server did not take, in its words. */
  readonly refused: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  /** A test shows a picture of the camera. */
  readonly mayTest: boolean;
  readonly onDraft: (draft: CameraDraft) => void;
  /** A picture of the tested stream, as data URL. */
  readonly onPicture: (picture: string) => void;
}

/** Name, address, and a test that shows a picture or the precise reason before anything is saved. */
export function ConnectionForm({ draft, cameraId, problems, refused, readOnly, mayTest, onDraft, onPicture }: ConnectionFormProps) {
  const { t } = useI18n();
  const limited = useAccount().groupRights !== null;
  return (
    <fieldset disabled={readOnly} className="m-0 flex min-w-0 flex-col gap-4 border-0 p-0">
      <TextField
        label={t('cameras.url')}
        value={draft.url}
        onValue={(url) => onDraft({ ...draft, url })}
        placeholder="rtsp://user:password@192.168.1.20:554/stream1"
        hint={t(limited ? 'cameras.groupLimited' : cameraId ? 'cameras.urlKept' : 'cameras.urlHint')}
        disabled={limited}
        error={refused['url'] ?? (problems['url'] && t('cameras.urlWanted'))}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        autoFocus={cameraId === null}
      />
      {mayTest && <StreamProbe url={draft.url} cameraId={cameraId} stream="main" label={t('cameras.test')} inviting={cameraId === null} onPicture={onPicture} />}
      <TextField label={t('cameras.name')} value={draft.name} onValue={(name) => onDraft({ ...draft, name })} error={problems['name'] && t('ui.nameWanted')} />
      <SwitchField label={t('cameras.enabled')} hint={t('cameras.enabledHint')} checked={draft.enabled} onChecked={(enabled) => onDraft({ ...draft, enabled })} disabled={readOnly} />
    </fieldset>
  );
}
