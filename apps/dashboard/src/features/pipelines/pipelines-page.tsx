import type { PipelineView } from '@argus/contracts';
import { ArrowRight, FlaskConical, GitBranch, Plus } from 'lucide-react';
import { useCallback } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { Badge, Tag } from '../../ui/badge.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { useCameraTabs } from '../cameras/camera-tabs.js';
import { PipelinePanel } from './pipeline-panel.js';

/** Detector, then the table of what goes to which second-stage model. */
export function PipelinesPage() {
  const { t } = useI18n();
  const { id } = useParams();
  const can = useCan();
  const navigate = useNavigate();
  const tabs = useCameraTabs();
  const pipelines = useAll('listPipelines');
  const close = useCallback(() => void navigate('/cameras/pipelines'), [navigate]);
  const open = pipelines.data?.find((pipeline) => pipeline.id === id);
  const panel = id === 'new' || open ? <PipelinePanel key={open?.id ?? 'new'} pipeline={open ?? null} onClose={close} /> : null;
  const add = can('pipeline.write') && (
    <LinkButton to="/cameras/pipelines/new" icon={Plus}>
      {t('pipelines.add')}
    </LinkButton>
  );
  return (
    <Page title={t('nav.cameras')} tabs={tabs} action={pipelines.data?.length !== 0 && add} panel={panel}>
      {pipelines.isPending && <Skeleton />}
      {pipelines.isError && <ErrorNotice error={pipelines.error} onRetry={() => void pipelines.refetch()} />}
      {pipelines.data?.length === 0 && (
        <EmptyState icon={GitBranch} title={t('pipelines.empty')} action={add}>
          {t('pipelines.emptyWhy')}
        </EmptyState>
      )}
      <ul className="m-0 flex list-none flex-col p-0" aria-label={t('pipelines.title')}>
        {pipelines.data?.map((pipeline) => (
          <li key={pipeline.id} className={`border-b border-line ${pipeline.id === id ? 'bg-accent-soft' : 'hover:bg-raised'}`}>
            <PipelineRow pipeline={pipeline} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function PipelineRow({ pipeline }: { pipeline: PipelineView }) {
  const { t, locale } = useI18n();
  const chip = 'rounded-s bg-raised px-2 py-px font-mono text-s';
  return (
    <Link to={`/cameras/pipelines/${pipeline.id}`} className="flex flex-col gap-2 px-4 py-3 text-ink no-underline">
      <span className="flex flex-wrap items-center gap-2">
        <span className="font-semibold">{pipeline.name}</span>
        {pipeline.isDefault && <Tag>{t('pipelines.default')}</Tag>}
        {pipeline.rollout && (
          <Badge tone="busy" icon={FlaskConical}>
            {t('rollout.onTrial', { model: pipeline.rollout.candidate })}
          </Badge>
        )}
        {pipeline.tiling && <Tag>{t('tiling.short', { columns: pipeline.tiling.columns, rows: pipeline.tiling.rows })}</Tag>}
        {pipeline.warnings.length > 0 && <Badge tone="caution">{t('pipelines.warned', { count: pipeline.warnings.length })}</Badge>}
      </span>
      <span className="flex flex-wrap items-center gap-2 text-s text-ink-2">
        <span className={chip}>{pipeline.detector}</span>
        {pipeline.routes.map((route, index) => (
          <span key={index} className="flex flex-wrap items-center gap-2">
            <ArrowRight aria-hidden size={14} />
            {route.labels.map((label) => labelText(label, locale)).join(', ')}
            <ArrowRight aria-hidden size={14} />
            <span className={chip}>{route.model}</span>
            <span>= {labelText(route.attribute, locale)}</span>
          </span>
        ))}
      </span>
    </Link>
  );
}
