/** The words that people read, in their language. The English ones are the keys of the catalogues. */

/** The text in the user's language, with `%1$s`, `%2$s`, … and `%s` in it replaced. */
export function __(text: string, ...values: unknown[]): string {
  let next = 0;
  return String(text).replace(/%(?:(\d+)\$)?([sd%])/g, (whole, place: string | undefined, kind: string) => {
    if (kind === '%') {
      return '%';
    }
    const at = place ? Number(place) - 1 : next++;
    return at in values ? String(values[at]) : whole;
  });
}

/** The form of the text that fits the number, which stands for `%s` in it. */
export function plural(one: string, many: string, count: number): string {
  return __(count === 1 ? one : many, count);
}

/** The language that dates, numbers and texts are in. */
export function locale(): string | undefined {
  return undefined;
}
