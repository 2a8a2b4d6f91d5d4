import { useCall } from '../../app/calls.js';
import { useCamerasById } from '../../app/cameras.js';
import { useI18n } from '../../i18n/i18n.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { Page, Section } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { useNow } from '../../ui/when.js';
import { CameraSection } from './camera-section.js';
import { DeviceTable } from './device-table.js';
import { HealthCards } from './health-cards.js';
import { LoadSection } from './load-section.js';
import { ProcessTable } from './process-table.js';
import { RunTable } from './run-table.js';
import { useSystemTabs } from './system-tabs.js';

/** How the machine does: judged by the ages of the last successes, never by "the process is up". */
export function SystemPage() {
  const { t } = useI18n();
  const system = useCall('getSystem', {}, { refetchInterval: 5000 });
  const cameras = useCamerasById();
  const tabs = useSystemTabs();
  const nowMs = useNow(1000);
  return (
    <Page title={t('nav.system')} tabs={tabs}>
      {system.isPending && <Skeleton />}
      {system.isError && !system.data && <ErrorNotice error={system.error} onRetry={() => void system.refetch()} />}
      {system.data && (
        <>
          {system.isError && <ErrorNotice error={system.error} title={t('system.old')} />}
          <HealthCards status={system.data} cameras={cameras} nowMs={nowMs} />
          <LoadSection load={system.data.compute.load} />
          <CameraSection status={system.data} cameras={cameras} nowMs={nowMs} />
          <Section title={t('system.models')}>
            <RunTable runs={system.data.compute.runs} nowMs={nowMs} />
          </Section>
          <Section title={t('system.devices')}>
            <DeviceTable devices={system.data.compute.devices} />
          </Section>
          <Section title={t('system.processes')}>
            <ProcessTable processes={system.data.processes} version={system.data.version} />
          </Section>
        </>
      )}
    </Page>
  );
}
