/** Forms that others make (XEP-0004): what they ask is shown as text, and nothing they say is fetched. */
import { html, nothing, type TemplateResult } from 'lit';

import { __ } from '../words.ts';

/** A field, as the core lists it. */
export interface Field {
  name?: string;
  kind: string;
  label?: string;
  about?: string;
  required: boolean;
  values: readonly string[];
  options: readonly { label: string; value: string }[];
  /** A picture, which came with the form. */
  image?: string;
}

/** The fields, to be put into a form. `id` begins the ids of the controls. */
export function dataForm(fields: readonly Field[], id: string): TemplateResult[] {
  return fields.map((field, at) => shown(field, `${id}-${at}`));
}

/** What the user has answered, by the names of the fields. */
export function answers(fields: readonly Field[], form: HTMLFormElement): Record<string, string | string[]> {
  const data = new FormData(form);
  const all: Record<string, string | string[]> = {};
  for (const { name, kind } of fields) {
    if (!name || kind === 'fixed') {
      continue;
    }
    const given = data.getAll(name).map(String);
    const text = given[0] ?? '';
    switch (kind) {
      case 'boolean':
        all[name] = given.length > 0 ? '1' : '0';
        break;
      case 'list-multi':
        all[name] = given;
        break;
      case 'text-multi':
      case 'jid-multi':
        all[name] = text.split(/\r?\n/).filter((line) => line !== '' || kind === 'text-multi');
        break;
      default:
        all[name] = kind === 'text-private' ? text : text.trim();
    }
  }
  return all;
}

function shown(field: Field, id: string): TemplateResult {
  const { kind, values, about, image } = field;
  const words = field.label ?? legacyLabel(field.name ?? '');
  if (kind === 'fixed') {
    return html`${values.map((line) => html`<p class="hint">${line}</p>`)}`;
  }
  if (kind === 'boolean') {
    const on = ['1', 'true'].includes(values[0] ?? '');
    return html`<label class="checkbox"><input type="checkbox" id=${id} name=${field.name ?? ''} value="1" ?checked=${on} /> ${words}</label>${hint(about, id)}`;
  }
  return html`
    <label for=${id}>${words}</label>
    ${image ? html`<img class="captcha" src=${image} alt=${__('A picture that the server sent')} />` : nothing}
    ${control(field, id)} ${hint(about, id)}
  `;
}

function control({ name = '', kind, values, options, required, about }: Field, id: string): TemplateResult {
  const described = about ? `${id}-about` : nothing;
  switch (kind) {
    case 'list-single':
    case 'list-multi':
      return html`<select id=${id} name=${name} ?multiple=${kind === 'list-multi'} ?required=${required} aria-describedby=${described}>
        ${options.map(({ label, value }) => html`<option value=${value} ?selected=${values.includes(value)}>${label}</option>`)}
      </select>`;
    case 'text-multi':
    case 'jid-multi':
      return html`<textarea id=${id} name=${name} rows="4" ?required=${required} aria-describedby=${described} .value=${values.join('\n')}></textarea>`;
    default:
      return html`<input id=${id} name=${name} type=${kind === 'text-private' ? 'password' : name === 'email' ? 'email' : 'text'}
        ?required=${required} autocomplete=${AUTOCOMPLETE[name] ?? 'off'} autocapitalize="none" spellcheck="false" aria-describedby=${described}
        .value=${values[0] ?? ''} />`;
  }
}

function hint(about: string | undefined, id: string): TemplateResult | typeof nothing {
  return about ? html`<p class="hint" id=${`${id}-about`}>${about}</p>` : nothing;
}

/** What people read where a field has no label: the names are those of XEP-0077. */
function legacyLabel(name: string): string {
  switch (name) {
    case 'username':
      return __('Username');
    case 'password':
      return __('Password');
    case 'nick':
      return __('Nickname');
    case 'name':
      return __('Full name');
    case 'first':
      return __('First name');
    case 'last':
      return __('Last name');
    case 'email':
      return __('Email');
    case 'address':
      return __('Street');
    case 'city':
      return __('City');
    case 'state':
      return __('State');
    case 'zip':
      return __('Postal code');
    case 'phone':
      return __('Telephone');
    case 'url':
      return __('Website');
    case 'date':
      return __('Date');
    default:
      return name;
  }
}

const AUTOCOMPLETE: Readonly<Record<string, AutoFill>> = { username: 'username', password: 'new-password', email: 'email' };
