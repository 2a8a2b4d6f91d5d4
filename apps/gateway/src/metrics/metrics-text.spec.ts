import { Histogram } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { readExposition } from '../../test/read-exposition.js';
import { METRICS } from './metric-catalogue.js';
import { formatFor, MetricsText } from './metrics-text.js';

const NASTY = 'Gate "7"\\new\nline {a="b"} 门口';

describe('MetricsText', () => {
  it('writes what a strict reader of both formats reads back, whatever people name their cameras', () => {
    const text = new MetricsText();
    const labels = { camera: 'c', name: NASTY };
    text.add('argus_camera_reconnects_total', 3, labels);
    text.add('argus_outbox_pending', 0);
    text.add('argus_outbox_dead', null);
    text.add('argus_cpu_busy_ratio', 0.25);
    text.addState('argus_camera_decode_mode', 'mode', ['all', 'part'], 'part', labels);
    const histogram = new Histogram([0.5, 1]);
    histogram.observe(0.7);
    text.addHistogram('argus_http_request_seconds', histogram, { method: 'GET', route: '/x/:id', status: '2xx' });
    const old = readExposition(text.render('prometheus'));
    expect(old.get('argus_camera_reconnects_total')).toMatchObject({ type: 'counter', samples: [{ labels, value: 3 }] });
    expect(old.get('argus_camera_decode_mode')?.samples.map(({ value }) => value)).toEqual([0, 1]);
    expect(old.get('argus_http_request_seconds')?.samples.map(({ labels: { le }, value }) => [le, value])).toEqual([['0.5', 0], ['1.0', 1], ['+Inf', 1], [undefined, 0.7], [undefined, 1]]);
    expect(old.has('argus_outbox_dead')).toBe(false);
    const open = readExposition(text.render('openmetrics'), 'openmetrics');
    expect(open.get('argus_camera_reconnects')?.samples).toEqual(old.get('argus_camera_reconnects_total')?.samples);
  });

  it('never holds a series twice', () => {
    const text = new MetricsText();
    for (const value of [1, 2]) text.add('argus_model_runs_total', value, { model: 'm', version: '1', device: 'cpu' });
    expect(readExposition(text.render('prometheus')).get('argus_model_runs_total')?.samples).toMatchObject([{ value: 2 }]);
  });

  it.each([
    [undefined, 'prometheus'],
    ['*/*', 'prometheus'],
    ['application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3', 'openmetrics'],
  ])('answers %s in %s', (accept, format) => expect(formatFor(accept)).toBe(format));
});

describe('the strict reader', () => {
  it.each([
    ['a 1', /end/],
    ['a 1\n', /outside/],
    ['# HELP a h\n# TYPE a gauge\na 1\na 2\n', /twice/],
    ['# HELP a h\n# TYPE a gauge\na{b="1",b="2"} 2\n', /label/],
    ['# HELP a h\n# TYPE a gauge\na{b="x"y"} 2\n', /label/],
    ['# HELP a h\n# TYPE a counter\na -1\n', /below zero/],
    ['# HELP a h\n# TYPE a gauge\na one\n', /not a sample/],
    ['# HELP a h\n# TYPE a gauge\n', /no sample/],
    ['# HELP a h\n# TYPE a histogram\na_bucket{le="1.0"} 3\na_bucket{le="+Inf"} 2\na_sum 1\na_count 2\n', /grow/],
  ])('refuses %j', (text, problem) => expect(() => readExposition(text)).toThrow(problem));
});

describe('the catalogue', () => {
  it.each(Object.entries(METRICS))('%s is named as Prometheus wants it', (name, { type, help, labels }) => {
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|percent|kb|mb|count|sum|bucket)(_|$)/);
    expect(help).toMatch(/\.$/);
    for (const label of labels) expect(label).toMatch(/^[a-z]+$/);
    expect(labels).not.toContain('le');
  });
});
