import type { Rule } from '@argus/contracts';
import { Plus, SlidersHorizontal } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAction, useAll } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Tag } from '../../ui/badge.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { CONTROL, SwitchField } from '../../ui/field.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { settingsOf } from './rule-draft.js';
import { RulePanel } from './rule-panel.js';
import { ruleSummary } from './rule-summary.js';

/** All rules, each said in a sentence; one opens beside the list. */
export function RulesPage() {
  const { t } = useI18n();
  const { id } = useParams();
  const can = useCan();
  const navigate = useNavigate();
  const rules = useAll('listRules');
  const [words, setWords] = useState('');
  const close = useCallback(() => void navigate('/rules'), [navigate]);
  const wanted = words.trim().toLowerCase();
  const shown = rules.data?.filter((rule) => !wanted || rule.name.toLowerCase().includes(wanted)) ?? [];
  const open = rules.data?.find((rule) => rule.id === id);
  const add = can('rule.write') && (
    <LinkButton to="/rules/new" icon={Plus}>
      {t('rules.add')}
    </LinkButton>
  );
  const panel = id === 'new' || open ? <RulePanel key={open?.updatedAt ?? 'new'} rule={open ?? null} onClose={close} /> : null;
  return (
    <Page title={t('nav.rules')} action={rules.data?.length !== 0 && add} panel={panel}>
      {rules.isPending && <Skeleton />}
      {rules.isError && <ErrorNotice error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.data?.length === 0 && (
        <EmptyState icon={SlidersHorizontal} title={t('rules.empty')} action={add}>
          {t('rules.emptyWhy')}
        </EmptyState>
      )}
      {rules.data && rules.data.length > 0 && (
        <>
          <input data-search type="search" aria-label={t('rules.search')} placeholder={t('rules.search')} value={words} onChange={(event) => setWords(event.target.value)} className={`${CONTROL} m-4 mb-2 max-w-90`} />
          <ul className="m-0 flex list-none flex-col p-0" aria-label={t('nav.rules')}>
            {shown.map((rule) => (
              <RuleRow key={rule.id} rule={rule} selected={rule.id === id} mayWrite={can('rule.write')} />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function RuleRow({ rule, selected, mayWrite }: { rule: Rule; selected: boolean; mayWrite: boolean }) {
  const { t, locale } = useI18n();
  const enable = useAction((enabled: boolean) => client.call('updateRule', { params: { id: rule.id }, body: { ...settingsOf(rule), enabled } }), { refresh: ['listRules'] });
  return (
    <li className={`flex items-center gap-4 border-b border-line px-4 py-3 ${selected ? 'bg-accent-soft' : 'hover:bg-raised'}`}>
      <Link to={`/rules/${rule.id}`} className="min-w-0 flex-1 text-ink no-underline" aria-current={selected || undefined}>
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-semibold">{rule.name}</span>
          <Tag>{t(`kind.${rule.condition.kind}`)}</Tag>
        </span>
        <span className="block text-s text-ink-2">{ruleSummary(rule, t, locale)}</span>
      </Link>
      <SwitchField label={t('rules.enabled')} checked={rule.enabled} disabled={!mayWrite || enable.isPending} onChecked={(checked) => enable.mutate(checked)} />
    </li>
  );
}
