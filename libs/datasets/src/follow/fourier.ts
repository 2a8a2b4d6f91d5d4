/** Fourier transforms of squares whose side is a power of two, in place. */
export class SquareFourier {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #reversed: Uint16Array;

  constructor(readonly size: number) {
    if (size < 2 || (size & (size - 1)) !== 0) throw new TypeError(`expected a side that is a power of two, got ${size}`);
    this.#cos = Float64Array.from({ length: size / 2 }, (_unused, index) => Math.cos((2 * Math.PI * index) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_unused, index) => Math.sin((2 * Math.PI * index) / size));
    const bits = Math.log2(size);
    this.#reversed = Uint16Array.from({ length: size }, (_unused, index) => Number.parseInt(index.toString(2).padStart(bits, '0').split('').reverse().join(''), 2));
  }

  forward(re: Float64Array, im: Float64Array): void {
    for (let row = 0; row < this.size; row += 1) this.#line(re, im, row * this.size, 1);
    for (let column = 0; column < this.size; column += 1) this.#line(re, im, column, this.size);
  }

  inverse(re: Float64Array, im: Float64Array): void {
    // With both parts exchanged the way there is the way back.
    this.forward(im, re);
    const share = 1 / (this.size * this.size);
    for (let index = 0; index < re.length; index += 1) {
      re[index] = (re[index] as number) * share;
      im[index] = (im[index] as number) * share;
    }
  }

  #line(re: Float64Array, im: Float64Array, start: number, step: number): void {
    const { size } = this;
    this.#reorder(re, im, start, step);
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let block = 0; block < size; block += 2 * half) {
        for (let index = 0; index < half; index += 1) {
          const cos = this.#cos[index * stride] as number;
          const sin = this.#sin[index * stride] as number;
          const a = start + (block + index) * step;
          const b = a + half * step;
          const reB = re[b] as number;
          const imB = im[b] as number;
          const turnedRe = reB * cos + imB * sin;
          const turnedIm = imB * cos - reB * sin;
          const reA = re[a] as number;
          const imA = im[a] as number;
          re[a] = reA + turnedRe;
          im[a] = imA + turnedIm;
          re[b] = reA - turnedRe;
          im[b] = imA - turnedIm;
        }
      }
    }
  }

  #reorder(re: Float64Array, im: Float64Array, start: number, step: number): void {
    for (let index = 0; index < this.size; index += 1) {
      const other = this.#reversed[index] as number;
      if (other <= index) continue;
      const a = start + index * step;
      const b = start + other * step;
      const reA = re[a] as number;
      const imA = im[a] as number;
      re[a] = re[b] as number;
      im[a] = im[b] as number;
      re[b] = reA;
      im[b] = imA;
    }
  }
}
