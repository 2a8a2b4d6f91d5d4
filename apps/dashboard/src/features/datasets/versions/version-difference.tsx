import type { DatasetJob, DatasetJobResult } from '@argus/contracts';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { labelText } from '../../../i18n/labels.js';
import { Facts, Strip } from '../jobs/job-parts.js';

type Compared = Extract<DatasetJobResult, { kind: 'compare-versions' }>;

const KINDS = [['added', 'setJobs.r.added'], ['changed', 'setJobs.r.changedSamples'], ['removed', 'setJobs.r.removedSamples']] as const;
const MOST_LABELS = 30;

/** What was changed from one version to another: in numbers, by label, and the first pictures. */
export function VersionDifference({ setId, result }: { setId: DatasetJob['datasetId']; result: Compared }) {
  const { t, locale } = useI18n();
  const count = (value: number): string => whole(value, locale);
  if (result.added + result.changed + result.removed === 0) return <p className="m-0 text-s">{t('setJobs.r.same')}</p>;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Facts facts={[[t('setJobs.r.was'), `${count(result.samples.before)} → ${count(result.samples.after)}`], ...KINDS.map(([kind, text]): [string, string] => [t(text), count(result[kind])])]} />
      {result.labels.length > 0 && (
        <table className="max-w-120 border-collapse text-s">
          <thead>
            <tr className="text-left text-ink-3">
              <th className="py-1 pr-4 font-normal">{t('setJobs.r.label')}</th>
              <th className="py-1 pr-4 text-right font-normal">{t('setJobs.r.labelsBefore')}</th>
              <th className="py-1 pr-4 text-right font-normal">{t('setJobs.r.labelsAfter')}</th>
              <th className="w-16" />
            </tr>
          </thead>
          <tbody>
            {result.labels.slice(0, MOST_LABELS).map(({ label, before, after }) => (
              <tr key={label} className="border-t border-line">
                <td className="py-1 pr-4">{labelText(label, locale)}</td>
                <td className="figures py-1 pr-4 text-right">{count(before)}</td>
                <td className="figures py-1 pr-4 text-right">{count(after)}</td>
                <td className={`figures py-1 text-right ${after > before ? 'text-good' : 'text-alarm'}`}>{`${after > before ? '+' : '−'}${count(Math.abs(after - before))}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {KINDS.map(([kind, text]) => {
        const sha256s = result.list.filter(({ what }) => what === kind).map(({ sha256 }) => sha256);
        return sha256s.length === 0 ? null : (
          <div key={kind} className="flex flex-col gap-1">
            <span className="text-s text-ink-3">{t(text)}</span>
            <Strip setId={setId} sha256s={sha256s} />
          </div>
        );
      })}
    </div>
  );
}
