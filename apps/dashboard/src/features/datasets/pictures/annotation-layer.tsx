import type { Annotation, Sample } from '@argus/contracts';
import { useI18n } from '../../../i18n/i18n.js';
import { labelText } from '../../../i18n/labels.js';
import { labelColor } from '../../live/label-colors.js';

/** A label above a box that is nearer to the top would be cut off. */
const TOP_SHARE = 0.05;

/** Everything that is labelled in a picture, drawn over it; of masks the box that bounds them. */
export function AnnotationLayer({ sample: { width, height, annotations } }: { sample: Pick<Sample, 'width' | 'height' | 'annotations'> }) {
  const { t, locale } = useI18n();
  return (
    <>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden className="absolute inset-0 size-full">
        {annotations.map((one) => (
          <Shape key={one.id} annotation={one} />
        ))}
      </svg>
      {annotations.map(({ id, kind, label, box, score }) => (
        <span key={id} className={`absolute px-1 text-s font-semibold whitespace-nowrap text-video ${box.y / height < TOP_SHARE ? '' : '-translate-y-full'}`} style={{ left: `${(box.x / width) * 100}%`, top: `${(box.y / height) * 100}%`, background: labelColor(label) }}>
          {kind === 'ignore' ? t('view.ignore') : labelText(label, locale)}
          {score !== null && ` ${score.toFixed(2)}`}
        </span>
      ))}
    </>
  );
}

function Shape({ annotation: { kind, label, box, points } }: { annotation: Annotation }) {
  const line = { fill: 'none', stroke: labelColor(label), strokeWidth: 2, vectorEffect: 'non-scaling-stroke' as const };
  if (kind === 'polygon' && points) return <polygon points={points.join(' ')} {...line} fill={labelColor(label)} fillOpacity={0.15} data-testid="annotation" />;
  return <rect x={box.x} y={box.y} width={box.width} height={box.height} {...line} {...(kind === 'box' ? {} : { strokeDasharray: '6 4' })} data-testid="annotation" />;
}
