/** Dates and times in the visitor's language. What writes them is costly to make, and made once. */
import { locale } from '../words.ts';

const FORMS = {
  clock: { hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  second: { timeStyle: 'medium' },
  full: { dateStyle: 'medium', timeStyle: 'short' },
} as const;

let language = '';
const made = new Map<keyof typeof FORMS, Intl.DateTimeFormat>();

export function written(date: Date, form: keyof typeof FORMS): string {
  if (locale() !== language) {
    language = locale();
    made.clear();
  }
  let format = made.get(form);
  if (!format) {
    made.set(form, (format = new Intl.DateTimeFormat(language, FORMS[form])));
  }
  return format.format(date);
}
