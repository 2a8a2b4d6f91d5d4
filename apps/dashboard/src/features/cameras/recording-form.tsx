import { RECORDING_MODES, type RecordingMode } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { NumberField, SelectField, SwitchField } from '../../ui/field.js';
import { ScheduleEditor } from '../rules/schedule-editor.js';
import type { CameraDraft } from './camera-draft.js';

interface RecordingFormProps {
  readonly draft: CameraDraft;
  readonly problems: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  readonly onDraft: (draft: CameraDraft) => void;
}

/** People think of disks in these, as the makers of disks do. */
const GIGABYTE = 1_000_000_000;

/** What footage is kept and when, for how long, and how much of it. */
export function RecordingForm({ draft, problems, readOnly, onDraft }: RecordingFormProps) {
  const { t } = useI18n();
  const { recording } = draft;
  const change = (part: Partial<CameraDraft['recording']>) => onDraft({ ...draft, recording: { ...recording, ...part } });
  return (
    <fieldset disabled={readOnly} className="m-0 flex min-w-0 flex-col gap-4 border-0 p-0">
      <div data-guide="record">
        <SelectField
          label={t('recording.mode')}
          hint={t(`recordingHint.${recording.mode}`)}
          value={recording.mode}
          onValue={(mode) => change({ mode: mode as RecordingMode })}
          options={RECORDING_MODES.map((value) => ({ value, text: t(`recordingMode.${value}`) }))}
          disabled={readOnly}
        />
      </div>
      {(recording.mode === 'motion' || recording.mode === 'events') && (
        <>
          <NumberField
            label={t('recording.preSeconds')}
            hint={t('recording.preSecondsHint')}
            unit={t('recording.seconds')}
            error={problems['recording.preSeconds'] && t('recording.preSecondsWanted')}
            value={recording.preSeconds}
            onValue={(preSeconds) => change({ preSeconds: preSeconds ?? 0 })}
            min={0}
            max={30}
            step="any"
          />
          <NumberField
            label={t('recording.postSeconds')}
            hint={t('recording.postSecondsHint')}
            unit={t('recording.seconds')}
            error={problems['recording.postSeconds'] && t('recording.postSecondsWanted')}
            value={recording.postSeconds || null}
            onValue={(postSeconds) => change({ postSeconds: postSeconds ?? 0 })}
            min={1}
            max={300}
            step="any"
          />
        </>
      )}
      {recording.mode !== 'off' && <SwitchField label={t('recording.audio')} hint={t('recording.audioHint')} checked={recording.audio} onChecked={(audio) => change({ audio })} disabled={readOnly} />}
      {recording.mode !== 'off' && <ScheduleEditor schedule={recording.schedule} onSchedule={(schedule) => change({ schedule })} />}
      <NumberField
        label={t('recording.keepDays')}
        hint={t('recording.keepDaysHint')}
        unit={t('recording.days')}
        error={problems['recording.keepDays'] && t('recording.keepDaysWanted')}
        value={recording.keepDays || null}
        onValue={(keepDays) => change({ keepDays: keepDays ?? 0 })}
        min={0.01}
        max={3650}
        step="any"
      />
      <NumberField
        label={t('recording.keepBytes')}
        hint={t('recording.keepBytesHint')}
        unit="GB"
        error={problems['recording.keepBytes'] && t('recording.keepBytesWanted')}
        value={recording.keepBytes === null ? null : recording.keepBytes / GIGABYTE}
        onValue={(gigabytes) => change({ keepBytes: gigabytes === null ? null : Math.round(gigabytes * GIGABYTE) })}
        min={0.001}
        step="any"
        placeholder={t('recording.noLimit')}
      />
      <NumberField
        label={t('recording.moveAfterDays')}
        hint={t('recording.moveAfterHint')}
        unit={t('recording.days')}
        error={problems['recording.moveAfterDays'] && t('recording.moveAfterWanted')}
        value={recording.moveAfterDays}
        onValue={(moveAfterDays) => change({ moveAfterDays })}
        min={0.01}
        max={3650}
        step="any"
        placeholder={t('recording.notMoved')}
      />
    </fieldset>
  );
}
