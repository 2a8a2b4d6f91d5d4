import { CameraSettings } from '@argus/contracts';
import { Save, Trash2 } from 'lucide-react';
import { useReducer, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useAccount, useCan } from '../../app/account.js';
import { useAction, useCall } from '../../app/calls.js';
import { useMayOn } from '../../app/camera-rights.js';
import { useCameraPulses } from '../../app/cameras.js';
import { client } from '../../app/client.js';
import { problemsOf, refusedFields } from '../../forms/problems.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { LeaveGuard } from '../../ui/leave-guard.js';
import { Page, Section } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { draftOf, emptyCamera, type CameraDraft } from './camera-draft.js';
import { CameraSettingsForm } from './camera-settings-form.js';
import { CameraStatus } from './camera-status.js';
import { ConnectionForm } from './connection-form.js';
import { RecordingForm } from './recording-form.js';
import { SchedulingForm } from './scheduling-form.js';
import { useCameraTabs } from './camera-tabs.js';
import { drawnMask, masksOf, zonesOf } from './zones/drawn-zone.js';
import { PictureEditor } from './zones/picture-editor.js';
import { startZoneEdit, zoneReducer } from './zones/zone-reducer.js';

/** Add or change a camera: paste the URL, see its picture, draw zones on it, say what to look for. */
export function CameraPage() {
  const { id = 'new' } = useParams();
  if (id === 'new') return <CameraEditor key="new" id={null} start={emptyCamera(Intl.DateTimeFormat().resolvedOptions().timeZone)} zones={[]} masks={[]} />;
  return <ExistingCamera key={id} id={id} />;
}

function ExistingCamera({ id }: { id: string }) {
  const { t } = useI18n();
  const camera = useCall('getCamera', { params: { id } }, { staleTime: 0 });
  if (camera.isError && !camera.data) return <ErrorNotice error={camera.error} title={t('cameras.notFound')} onRetry={() => void camera.refetch()} />;
  // The form starts from what is stored now, and later news do not take away what is being drawn.
  if (!camera.data || !camera.isFetchedAfterMount) return <Skeleton />;
  return <CameraEditor key={id} id={id} start={draftOf(camera.data)} zones={camera.data.zones} masks={camera.data.privacyMasks} />;
}

interface CameraEditorProps {
  readonly id: string | null;
  readonly start: CameraDraft;
  readonly zones: CameraSettings['zones'];
  readonly masks: CameraSettings['privacyMasks'];
}

function CameraEditor({ id, start, zones, masks }: CameraEditorProps) {
  const { t } = useI18n();
  const can = useCan();
  const { cameraScope, groupRights } = useAccount();
  const mayWatch = useMayOn()('live', start) || id === null;
  const navigate = useNavigate();
  const tabs = useCameraTabs();
  const pulse = useCameraPulses().get(id ?? '');
  const [draft, setDraft] = useState(start);
  const [edit, dispatch] = useReducer(zoneReducer, zones, startZoneEdit);
  const [maskStart] = useState(() => masks.map(drawnMask));
  const [maskEdit, dispatchMask] = useReducer(zoneReducer, maskStart, startZoneEdit);
  const [probed, setProbed] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [removed, setRemoved] = useState(false);
  const dirty = draft !== start || edit.zones !== zones || maskEdit.zones !== maskStart;
  const mayWrite = can('camera.write') && (id !== null || (cameraScope === null && groupRights === null));
  const body: CameraSettings = { ...draft, zones: zonesOf(edit.zones), privacyMasks: masksOf(maskEdit.zones) };
  const problems = tried ? problemsOf(CameraSettings, body) : {};
  const save = useAction(() => (id ? client.call('updateCamera', { params: { id }, body }) : client.call('createCamera', { body })), {
    refresh: ['listCameras', 'getCamera', 'getSystem'],
    said: (saved) => t('cameras.saved', { name: saved.name }),
    onDone: (saved) => void navigate(id ? '/cameras' : `/cameras/${saved.id}`, { replace: true }),
  });
  const refused = refusedFields(save.error);
  const onSave = () => {
    setTried(true);
    if (Object.keys(problemsOf(CameraSettings, body)).length === 0) save.mutate();
  };
  const picture = probed ?? (id && can('live.view') && mayWatch ? client.url('getSnapshot', { params: { id }, query: { width: 1280 } }) : null);
  return (
    <Page
      title={id ? start.name : t('cameras.add')}
      tabs={tabs}
      action={
        <>
          {id && <CameraStatus pulse={pulse} />}
          {id && mayWrite && <DeleteCamera id={id} name={start.name} onStart={() => setRemoved(true)} />}
          <Button tone="primary" icon={Save} busy={save.isPending} disabled={!mayWrite} title={mayWrite ? undefined : t('ui.mayNot')} onClick={onSave}>
            {t('cameras.save')}
          </Button>
        </>
      }
    >
      <LeaveGuard dirty={dirty && mayWrite && !save.isPending && !save.isSuccess && !removed} />
      <div className="grid gap-x-2 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="lg:col-start-2">
          <Section title={t('cameras.connection')}>
            <ConnectionForm draft={draft} cameraId={id} problems={problems} refused={refused} readOnly={!mayWrite} mayTest={mayWatch} onDraft={setDraft} onPicture={setProbed} />
          </Section>
        </div>
        <div className="lg:col-start-1 lg:row-span-2 lg:row-start-1">
          <PictureEditor picture={picture} mayWatch={mayWatch} zones={{ edit, dispatch, error: problems['zones'] }} masks={{ edit: maskEdit, dispatch: dispatchMask, error: problems['privacyMasks'] }} readOnly={!mayWrite} />
        </div>
        <div className="lg:col-start-2">
          <Section title={t('cameras.lookFor')}>
            <CameraSettingsForm draft={draft} problems={problems} readOnly={!mayWrite} onDraft={setDraft} />
            <SchedulingForm draft={draft} cameraId={id} problems={problems} refused={refused} readOnly={!mayWrite} onDraft={setDraft} />
          </Section>
          <Section title={t('recording.title')}>
            <RecordingForm draft={draft} problems={problems} readOnly={!mayWrite} onDraft={setDraft} />
          </Section>
        </div>
      </div>
    </Page>
  );
}

function DeleteCamera({ id, name, onStart }: { id: string; name: string; onStart: () => void }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => client.call('deleteCamera', { params: { id } }), {
    refresh: ['listCameras', 'getSystem'],
    said: () => t('cameras.deleted', { name }),
    onDone: () => void navigate('/cameras', { replace: true }),
  });
  return (
    <>
      <Button icon={Trash2} onClick={() => setAsking(true)}>
        {t('ui.delete')}
      </Button>
      <ConfirmDialog open={asking} title={t('cameras.deleteAsk', { name })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => (onStart(), remove.mutate())} onClose={() => setAsking(false)}>
        {t('cameras.deleteWhat')}
      </ConfirmDialog>
    </>
  );
}
