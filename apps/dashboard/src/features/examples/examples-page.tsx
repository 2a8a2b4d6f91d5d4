import { Search, SearchX } from 'lucide-react';
import { useCallback } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { useI18n } from '../../i18n/i18n.js';
import { Tag } from '../../ui/badge.js';
import { CopyButton } from '../../ui/copy-button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { CONTROL } from '../../ui/field.js';
import { Page } from '../../ui/page.js';
import { SidePanel } from '../../ui/side-panel.js';
import { EXAMPLES } from './all-examples.js';
import { fitsExample, type Example } from './read-example.js';

/** Example programs, to be found by a word; one opens beside the list (`/examples/NAME`). */
export function ExamplesPage() {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { name } = useParams();
  const [search, setSearch] = useSearchParams();
  const words = search.get('find') ?? '';
  const kept = words ? `?find=${encodeURIComponent(words)}` : '';
  const found = EXAMPLES.filter((example) => fitsExample(example, words));
  const open = EXAMPLES.find((example) => example.name === name);
  const close = useCallback(() => void navigate(`/examples${kept}`), [navigate, kept]);
  return (
    <Page title={t('examples.title')} panel={open && <ExamplePanel key={open.file} example={open} onClose={close} />}>
      <p className="m-0 max-w-180 px-4 pt-4 text-m text-ink-2">{t('examples.intro')}</p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 p-4 pb-2">
        <label className="relative block w-full max-w-90">
          <Search aria-hidden size={16} className="absolute top-2.5 left-2 text-ink-3" />
          <input data-search type="search" aria-label={t('examples.search')} placeholder={t('examples.search')} value={words} onChange={({ target: { value } }) => setSearch(value ? { find: value } : {}, { replace: true })} className={`${CONTROL} pl-8`} />
        </label>
        <span role="status" className="figures text-s text-ink-3">
          {t('examples.found', { count: found.length })}
        </span>
      </div>
      <ul className="m-0 flex list-none flex-col p-0" aria-label={t('examples.title')}>
        {found.map((example) => (
          <ExampleRow key={example.file} example={example} to={`/examples/${example.name}${kept}`} isOpen={example === open} />
        ))}
      </ul>
      {found.length === 0 && <EmptyState icon={SearchX} title={t('examples.nothing', { words })} />}
    </Page>
  );
}

function ExampleRow({ example: { file, title, summary, keywords }, to, isOpen }: { example: Example; to: string; isOpen: boolean }) {
  const { locale } = useI18n();
  return (
    <li className={`border-b border-line ${isOpen ? 'bg-accent-soft' : 'hover:bg-raised'}`}>
      <Link to={to} aria-current={isOpen || undefined} className="flex flex-col gap-1 px-4 py-3 text-ink no-underline">
        <span className="flex flex-wrap items-baseline gap-x-3">
          <span className="text-m font-semibold">{title[locale]}</span>
          <code className="font-mono text-s text-ink-3">{file}</code>
        </span>
        <span className="max-w-180 text-m text-ink-2">{summary[locale]}</span>
        <span className="flex flex-wrap gap-1">
          {keywords.map((word) => (
            <Tag key={word}>{word}</Tag>
          ))}
        </span>
      </Link>
    </li>
  );
}

function ExamplePanel({ example: { file, title, summary, needs, command, options, source, parts }, onClose }: { example: Example; onClose: () => void }) {
  const { t, locale } = useI18n();
  return (
    <SidePanel wide title={title[locale]} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="m-0 text-m text-ink-2">{summary[locale]}</p>
        <div className="flex flex-col gap-2">
          <h3 className="m-0 text-m font-semibold">{t('examples.run')}</h3>
          <div className="flex items-center gap-2 rounded-m border border-line bg-raised py-1 pr-1 pl-3">
            <code className="min-w-0 flex-1 overflow-x-auto font-mono text-s whitespace-nowrap">{command}</code>
            <CopyButton text={command} label={t('examples.copyCommand')} isSmall />
          </div>
          {options.length > 0 && (
            <p className="m-0 text-s text-ink-2">
              {t('examples.options')}: <code className="font-mono">{options.join('  ')}</code>
            </p>
          )}
          <p className="m-0 text-s text-ink-2">
            {t('examples.key')} {t('examples.needs')}: <code className="font-mono">{needs}</code>
          </p>
        </div>
        {[{ file, source }, ...parts].map((one) => (
          <Source key={one.file} {...one} isOne={parts.length === 0} />
        ))}
      </div>
    </SidePanel>
  );
}

/** A file and its text; of several each is named in its button, too. */
function Source({ file, source, isOne }: { file: string; source: string; isOne: boolean }) {
  const { t } = useI18n();
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex items-center gap-2">
        <h3 className="m-0 min-w-0 flex-1 clip text-m font-semibold">{t('examples.source', { file })}</h3>
        <CopyButton text={source} label={isOne ? t('examples.copySource') : t('examples.copyFile', { file: file.split('/').at(-1) ?? file })} isSmall />
      </div>
      <pre tabIndex={0} aria-label={t('examples.source', { file })} className="m-0 overflow-x-auto rounded-m border border-line bg-raised p-3 font-mono text-s leading-relaxed">
        {source}
      </pre>
    </div>
  );
}
