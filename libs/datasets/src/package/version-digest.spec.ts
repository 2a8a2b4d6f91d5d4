import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { extraOf, withExtra } from './extra.js';
import { madeSample } from './made-samples.js';
import { sampleDigest, VersionDigest, versionDigestOf } from './version-digest.js';

describe('JSON in one spelling', () => {
  it('is that of RFC 8785', () => {
    expect(canonicalJson({ numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0], string: '€$\u000f\nA\'B"\\\\"/', literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    expect(canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, 'ö': 7 })).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it('does not hang on the order of fields, and is JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ noUnicodeString: false })), (value) => {
        const shuffled = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(shuffled)).toBe(canonicalJson(value));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
    for (const value of [Number.NaN, Infinity, '\ud800']) expect(() => canonicalJson({ value })).toThrow(TypeError);
  });
});

describe('the digest of a version', () => {
  const samples = Array.from({ length: 50 }, (_, number) => madeSample(number).sample);

  it('is the same on every machine', () => {
    // Made once; a change of it would orphan every package there is.
    expect(versionDigestOf(samples)).toBe('ea6ef07bfcb02739a621343665afbdf41612631211346d7d808d6a6fda0b924c');
  });

  it('does not hang on the order of samples, annotations or fields', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(samples, { minLength: samples.length }), fc.boolean(), (shuffled, turned) => {
        const other = turned ? shuffled.map((sample) => ({ ...Object.fromEntries(Object.entries(sample).reverse()), annotations: sample.annotations.toReversed() }) as typeof sample) : shuffled;
        expect(versionDigestOf(other)).toBe(versionDigestOf(samples));
      }),
      { numRuns: 20 },
    );
  });

  it('is another when anything of the content is', () => {
    const sample = madeSample(10).sample;
    const [first, ...rest] = sample.annotations;
    const others = [
      { ...sample, focus: true },
      { ...sample, split: null },
      { ...sample, attributes: { colour: 'red' } },
      { ...sample, annotations: rest },
      { ...sample, annotations: [{ ...first, label: 'Person' }, ...rest] },
      { ...sample, annotations: [{ ...first, box: { ...first?.box, x: (first?.box.x ?? 0) + Number.EPSILON * 512 } }, ...rest] },
      { ...sample, unknown: 1 },
    ] as (typeof sample)[];
    expect(new Set([sample, ...others].map(sampleDigest)).size).toBe(others.length + 1);
  });

  it('wants each sample once, in order', () => {
    const sorted = samples.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    const digest = new VersionDigest();
    digest.add(sorted[1] as (typeof samples)[0]);
    expect(() => digest.add(sorted[1] as (typeof samples)[0])).toThrow('is there twice');
    expect(() => digest.add(sorted[0] as (typeof samples)[0])).toThrow('comes behind');
  });
});

describe('fields that are not known', () => {
  const known = { id: true, box: { x: true } } as const;
  it('are taken apart and put back, within objects too, and never over what is known', () => {
    const value = { id: 1, box: { x: 2, angle: 3 }, later: { a: [1] }, gone: undefined };
    const extra = extraOf(value, known);
    expect(extra).toEqual({ box: { angle: 3 }, later: { a: [1] } });
    expect(withExtra({ id: 1, box: { x: 2 } }, extra, known)).toEqual({ id: 1, box: { x: 2, angle: 3 }, later: { a: [1] } });
    expect(extraOf({ id: 1, box: { x: 2 } }, known)).toBeNull();
    expect(withExtra({ id: 1, box: null }, { id: 9, box: { x: 9 }, constructor: 'c' }, known)).toMatchObject({ id: 1, box: null, constructor: 'c' });
    expect(Object.getPrototypeOf(withExtra({}, JSON.parse('{"__proto__":{"bad":1}}'), known))).toBe(Object.prototype);
  });
});
