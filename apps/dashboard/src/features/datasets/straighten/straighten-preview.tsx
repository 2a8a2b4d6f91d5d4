import type { Annotation, Sample, SizePixels } from '@argus/contracts';
import { boundsOf, clipPolygon, homographyOf, mapPoint, polygonArea, turnedBox, type Homography, type Point, type Quad } from '@argus/geometry';
import { useI18n } from '../../../i18n/i18n.js';
import { labelColor } from '../../live/label-colors.js';
import { LEAST_VISIBLE } from './straightening.js';

interface StraightenPreviewProps {
  readonly sample: Pick<Sample, 'width' | 'height' | 'annotations'>;
  readonly src: string;
  readonly quad: Quad;
  readonly size: SizePixels;
  readonly outlines: boolean;
}

const MOST = { width: 288, height: 240 };

/** The new picture as it will be, by the same transform as the worker's: the browser draws it while somebody drags. */
export function StraightenPreview({ sample, src, quad, size, outlines }: StraightenPreviewProps) {
  const { t } = useI18n();
  const scale = Math.min(MOST.width / size.width, MOST.height / size.height);
  const matrix = homographyOf(quad, size);
  const labels = sample.annotations.flatMap((one) => shapeOf(one, quad, matrix));
  return (
    <figure className="m-0 flex flex-col items-center gap-1">
      <div role="img" aria-label={t('straighten.preview')} data-testid="straighten-preview" className="relative overflow-hidden rounded-s bg-video" style={{ width: size.width * scale, height: size.height * scale }}>
        <img src={src} alt="" draggable={false} className="absolute top-0 left-0 max-w-none origin-top-left" style={{ width: sample.width, height: sample.height, transform: `scale(${scale}) ${cssMatrix(matrix)}` }} />
        <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden className="absolute inset-0 size-full">
          {labels.map(({ id, label, corners, box, isOutline }) => {
            const line = { fill: 'none', stroke: labelColor(label), strokeWidth: 2, vectorEffect: 'non-scaling-stroke' as const };
            return isOutline || outlines ? <polygon key={id} points={corners.map(({ x, y }) => `${x},${y}`).join(' ')} {...line} /> : <rect key={id} {...box} {...line} />;
          })}
        </svg>
      </div>
      <figcaption className="figures text-s text-ink-3">
        {size.width} × {size.height} · {t('straighten.labels', { count: labels.length })}
      </figcaption>
    </figure>
  );
}

/** Column by column, as CSS has it, with a third dimension in which nothing happens. */
const cssMatrix = ([a, b, c, d, e, f, g, h, i]: Homography): string => `matrix3d(${[a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, i].join(',')})`;

interface Shape {
  readonly id: string;
  readonly label: string;
  readonly corners: readonly Point[];
  readonly box: ReturnType<typeof boundsOf>;
  readonly isOutline: boolean;
}

/** As the worker has it, but for masks, of which the box is shown. */
function shapeOf({ id, kind, label, box, points }: Annotation, quad: Quad, matrix: Homography): Shape[] {
  const isOutline = kind === 'polygon' && points !== null;
  const outline = isOutline ? Array.from({ length: points.length >> 1 }, (_unused, at) => ({ x: points[2 * at] as number, y: points[2 * at + 1] as number })) : turnedBox(box, 0);
  const seen = clipPolygon(outline, quad);
  const share = polygonArea(seen) / polygonArea(outline);
  if (seen.length === 0 || (kind !== 'ignore' && share < LEAST_VISIBLE)) return [];
  const corners = seen.map((corner) => mapPoint(matrix, corner));
  return [{ id, label, corners, box: boundsOf(corners), isOutline }];
}
