/** Of `converse.env.utils`, what makes HTML of the fields of a data form (XEP-0004), and back. */
import { escapeHTML, getSelectValues } from './dom.ts';
import { NS } from './namespaces.ts';
import { makeElement, makeText } from './xml.ts';

/** The types of fields that are a line to write in. */
const TYPES: Readonly<Record<string, string>> = { 'text-private': 'password', 'text-single': 'text', hidden: 'hidden' };

/** The field of a data form as HTML, everything of it escaped. */
export function xForm2webForm(field: Element, stanza?: Element, domain = ''): string {
  const type = field.getAttribute('type') ?? 'text-single';
  const name = field.getAttribute('var') ?? '';
  const values = [...field.children].filter(({ localName }) => localName === 'value').map(({ textContent }) => textContent ?? '');
  const common = attributes({ name, required: field.querySelector('required') !== null });
  const value = values[0] ?? '';
  const labelled = (control: string): string =>
    `<div class="form-group"><label>${escapeHTML(field.getAttribute('label') ?? '')} ${control}</label></div>`;

  if (type === 'fixed') {
    return `<p class="form-help">${escapeHTML(value)}</p>`;
  }
  if (type === 'list-single' || type === 'list-multi') {
    const options = [...field.querySelectorAll('option')].map((option) => {
      const chosen = option.querySelector('value')?.textContent ?? '';
      return `<option${attributes({ value: chosen, selected: values.includes(chosen) })}>${escapeHTML(option.getAttribute('label') ?? chosen)}</option>`;
    });
    return labelled(`<select class="form-control"${common}${attributes({ multiple: type === 'list-multi' })}>${options.join('')}</select>`);
  }
  if (type === 'jid-multi' || type === 'text-multi') {
    return labelled(`<textarea class="form-control"${common}>${escapeHTML(values.join('\n'))}</textarea>`);
  }
  if (type === 'boolean') {
    return labelled(`<input type="checkbox" class="form-check-input"${common}${attributes({ checked: value === '1' || value === 'true' })}>`);
  }
  if (name === 'url') {
    return `<a class="form-url" target="_blank" rel="noopener"${attributes({ href: /^https?:/i.test(value) ? value : '' })}>${escapeHTML(value)}</a>`;
  }
  const uri = name === 'ocr' ? field.querySelector('uri') : null;
  if (uri) {
    const cid = uri.textContent?.replace(/^cid:/, '');
    const data = [...(stanza?.getElementsByTagName('data') ?? [])].find((data) => data.getAttribute('cid') === cid);
    const src = `data:${uri.getAttribute('type')};base64,${data?.textContent ?? ''}`;
    return labelled(`<img${attributes({ src, alt: '' })}><input type="text" class="form-control"${common}>`);
  }
  const input = `<input class="form-control"${common}${attributes({ type: TYPES[type] ?? 'text', value })}>`;
  return labelled(name === 'username' && domain ? `${input} @${escapeHTML(domain)}` : input);
}

/** The field that goes into the answer for a control of a form. */
export function webForm2xForm(control: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement): Element {
  const field = makeElement('field', { xmlns: NS['XFORM'], var: control.getAttribute('name') ?? '' });
  valuesOf(control).forEach((value) => makeElement('value', null, field).appendChild(makeText(value)));
  return field;
}

function valuesOf(control: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement): string[] {
  if (control instanceof HTMLSelectElement) {
    return getSelectValues(control);
  }
  if (control instanceof HTMLTextAreaElement) {
    return control.value.split('\n').filter((line) => line.trim() !== '');
  }
  return [control.type === 'checkbox' ? String(Number(control.checked)) : control.value];
}

/** Attributes as HTML: true stands by its name, false not at all. */
function attributes(given: Readonly<Record<string, string | boolean>>): string {
  return Object.entries(given).map(([name, value]) => (value === true ? ` ${name}` : value === false ? '' : ` ${name}="${escapeHTML(value)}"`)).join('');
}
