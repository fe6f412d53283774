/**
 * The words that people read, in their language. The English ones are the keys of the catalogues, which are loaded when
 * they are wanted (`locales/` has their sources).
 */

/** A catalogue: translations by English text, one for each plural form, and under the empty text which form is whose. */
type Catalogue = Readonly<Record<string, string | readonly string[]>> & { readonly '': Readonly<Record<string, number>> };

/** The languages that there are catalogues for, besides English. */
export const LANGUAGES = ['ar', 'de', 'es', 'fr', 'pt', 'zh-Hans'] as const;
/** Those that are written from right to left. */
const RIGHT_TO_LEFT: readonly string[] = ['ar', 'fa', 'he', 'ur'];

let catalogue: Catalogue | undefined;
let language = 'en';
/** What writes numbers, and knows which plural form is whose. Costly to make, and made when it is wanted first. */
let numbers: Intl.NumberFormat | undefined;
let shares: Intl.NumberFormat | undefined;
let rules: Intl.PluralRules | undefined;

/** The text in the user's language, with `%1$s`, `%2$s`, … and `%s` in it replaced. */
export function __(text: string, ...values: unknown[]): string {
  const found = catalogue?.[String(text)];
  return filled(typeof found === 'string' ? found : String(text), values);
}

/** The form of the text that fits the number, which stands for `%s` in it. */
export function plural(one: string, many: string, count: number): string {
  const found = catalogue?.[one];
  if (!catalogue || !Array.isArray(found)) {
    return filled(count === 1 ? one : many, [number(count)]);
  }
  rules ??= new Intl.PluralRules(language);
  return filled(found[catalogue[''][rules.select(count)] ?? 0] ?? many, [number(count)]);
}

/** The language that dates, numbers and texts are in (BCP 47). */
export function locale(): string {
  return language;
}

/** `rtl` where one reads from right to left. */
export function direction(): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.includes(language.split('-')[0]!) ? 'rtl' : 'ltr';
}

/** The number as people write it there. */
export function number(value: number): string {
  // What writes numbers takes the browser some ten milliseconds to make. Arabic has digits of its own.
  if (Number.isInteger(value) && value >= 0 && value < 1000 && !language.startsWith('ar')) {
    return String(value);
  }
  return (numbers ??= new Intl.NumberFormat(language)).format(value);
}

/** What part of a whole it is, in percent. */
export function percent(share: number): string {
  return (shares ??= new Intl.NumberFormat(language, { style: 'percent' })).format(share);
}

/**
 * Speaks the first of the wanted languages that there is a catalogue for, from now on. Catalogues lie under `base`. If one
 * cannot be had, English stays, and the promise rejects.
 */
export async function speak(wanted: readonly string[], base: URL): Promise<void> {
  // converse.js 4 writes `pt_BR`.
  const tags = wanted.map((tag) => tag.replace(/_/g, '-'));
  const chosen = tags.map(known).find((found) => found !== undefined) ?? 'en';
  catalogue = chosen === 'en' ? undefined : await load(new URL(`${chosen}.json`, base));
  // With its region, if it is the language that was asked for: dates differ.
  language = tags.find((tag) => known(tag) === chosen) ?? chosen;
  numbers = shares = rules = undefined;
}

/** The catalogue that a language is in: `de-AT` is in `de`, `zh-CN` in `zh-Hans`. */
function known(tag: string): string | undefined {
  const { language, script } = maximized(tag);
  return language === 'en' ? 'en' : LANGUAGES.find((one) => one === language || one === `${language}-${script}`);
}

function maximized(tag: string): { language: string; script?: string | undefined } {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return { language: '' };
  }
}

async function load(url: URL): Promise<Catalogue> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}: the words stay English.`);
  }
  return response.json();
}

function filled(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%(?:(\d+)\$)?([sd%])/g, (whole, place: string | undefined, kind: string) => {
    if (kind === '%') {
      return '%';
    }
    const at = place ? Number(place) - 1 : next++;
    return at in values ? String(values[at]) : whole;
  });
}
