import type { ModelId, ModelSummary } from '@argus/contracts';
import { Plus } from 'lucide-react';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { FormPart } from '../../ui/form-part.js';
import type { DraftFields } from './draft-fields.js';
import { newRoute } from './pipeline-draft.js';
import { RouteEditor } from './route-editor.js';

/** The second stage: which labels go to which model. */
export function RouteTable({ draft, problems, onDraft, labels, classifiers }: DraftFields & { labels: readonly string[]; classifiers: readonly ModelSummary[] }) {
  const { t } = useI18n();
  return (
    <FormPart title={t('pipelines.routes')} hint={t('pipelines.routesHint')}>
      {draft.routes.map((route, index) => (
        <RouteEditor
          key={index}
          number={index + 1}
          route={route}
          labels={labels}
          classifiers={classifiers}
          problem={problems[`routes.${index}.labels`] ?? problems[`routes.${index}.attribute`] ?? problems[`routes.${index}.model`]}
          onRoute={(next) => onDraft({ ...draft, routes: draft.routes.with(index, next) })}
          onRemove={() => onDraft({ ...draft, routes: draft.routes.toSpliced(index, 1) })}
        />
      ))}
      <div>
        <Button icon={Plus} onClick={() => onDraft({ ...draft, routes: [...draft.routes, newRoute((classifiers[0]?.id ?? '') as ModelId)] })}>
          {t('pipelines.addRoute')}
        </Button>
      </div>
    </FormPart>
  );
}
