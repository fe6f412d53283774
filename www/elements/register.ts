/** The way to an account: at which server, what that wants to know, and then in. */
import { html, nothing, type TemplateResult } from 'lit';

import { core } from '../models/core.ts';
import { __ } from '../words.ts';
import { setting } from './actions.ts';
import { answers, dataForm, type Field } from './data-form.ts';
import { define, ShownElement } from './element.ts';
import { logIn, reason } from './session.ts';
import { state } from './state.ts';

/** What a server wants to know. */
interface Offer {
  title?: string;
  instructions?: string;
  url?: string;
  fields: readonly Field[];
}

class Register extends ShownElement {
  #domain = '';
  #offer: Offer | undefined;
  #busy = false;
  #complaint: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    const domain: string = setting('registration_domain') || setting('locked_domain');
    if (domain) {
      void this.#ask(domain);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    core().stopRegistering();
    this.#offer = undefined;
  }

  override render(): TemplateResult {
    return html`
      ${this.#busy ? html`<p class="conn-feedback" role="status"><span class="spinner"></span> ${__('Waiting for the server …')}</p>` : nothing}
      ${this.#complaint ? html`<p class="conn-feedback error" role="alert">${this.#complaint}</p>` : nothing}
      ${this.#offer ? this.#questions(this.#offer) : this.#place()}
    `;
  }

  protected override updated(): void {
    // What the user waited for, or has to mend, is where the keyboard goes.
    const first = this.querySelector<HTMLElement>('input, select, textarea');
    if (!this.#busy && !this.contains((this.getRootNode() as Document | ShadowRoot).activeElement)) {
      first?.focus();
    }
  }

  #place(): TemplateResult {
    const link: string = setting('providers_link');
    return html`
      <form class="converse-form" ?hidden=${this.#busy} @submit=${this.#choose}>
        <label for="converse-register-domain">${__('Where do you want to have your account?')}</label>
        <input id="converse-register-domain" name="domain" type="text" required autocapitalize="none" spellcheck="false" dir="ltr"
          .value=${this.#domain} placeholder=${String(setting('domain_placeholder') ?? '').trim()} />
        ${link ? html`<p class="hint"><a href=${link} target="_blank" rel="noopener noreferrer">${__('A list of servers that are open to all')}</a></p>` : nothing}
        <button class="btn-primary">${__('Continue')}</button>
        <button type="button" class="btn-secondary" @click=${leave}>${__('Back to the log-in')}</button>
      </form>
    `;
  }

  #questions({ title, instructions, url, fields }: Offer): TemplateResult {
    return html`
      <form id="converse-register" class="converse-form" aria-busy=${String(this.#busy)} @submit=${this.#submit}>
        <h2 class="form-title">${title ?? __('An account at %s', this.#domain)}</h2>
        ${instructions ? html`<p class="hint">${instructions}</p>` : nothing}
        ${url ? html`<p><a href=${url} target="_blank" rel="noopener noreferrer">${url}</a></p>` : nothing}
        ${dataForm(fields, 'converse-register')}
        <button class="btn-primary" ?disabled=${this.#busy}>${__('Create the account')}</button>
        <button type="button" class="btn-secondary" @click=${leave}>${__('Back to the log-in')}</button>
      </form>
    `;
  }

  #choose(event: SubmitEvent): void {
    event.preventDefault();
    void this.#ask(String(new FormData(event.target as HTMLFormElement).get('domain') ?? '').trim());
  }

  /** Asks what the server wants to know; again if a picture was to be read, which is good for one answer. */
  async #ask(domain: string, complaint?: string): Promise<void> {
    this.#domain = domain;
    this.#set(true, complaint);
    try {
      this.#offer = await core().registrationForm(domain);
      this.#set(false, complaint);
    } catch (error) {
      this.#offer = undefined;
      this.#set(false, refusal(error as Refusal) ?? __('%s makes no accounts in this way.', domain));
    }
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const { fields } = this.#offer!;
    const given = answers(fields, event.target as HTMLFormElement);
    this.#set(true);
    core().register(given).then(
      () => {
        state.set({ entry: 'login' });
        logIn({ jid: `${given['username']}@${this.#domain}`, password: String(given['password']) });
      },
      (error: Refusal) => {
        const why = refusal(error) ?? __('The server did not say what is wrong.');
        if (error.stanza && !fields.some(({ image }) => image)) {
          return this.#set(false, why);
        }
        void this.#ask(this.#domain, why);
      },
    );
  }

  #set(busy: boolean, complaint?: string): void {
    this.#busy = busy;
    this.#complaint = complaint;
    this.requestUpdate();
  }
}

function leave(): void {
  state.set({ entry: 'login' });
}

interface Refusal {
  code?: string;
  name?: string;
  /** The server's answer. */
  stanza?: Element;
}

/** What is wrong, in the server's words if it has any. */
function refusal({ name, code, stanza }: Refusal): string | undefined {
  if (name === 'TypeError') {
    return __('This is no domain. It looks like example.org.');
  }
  if (!stanza) {
    return reason(code ? { code } : {});
  }
  const error = stanza.querySelector('error');
  const said = error?.querySelector('text')?.textContent?.trim();
  switch (error?.firstElementChild?.localName) {
    case 'conflict':
      return __('Somebody has this name already. Choose another one.');
    case 'not-acceptable':
    case 'bad-request':
      return said || __('Something is missing, or is not as the server wants it.');
    case 'resource-constraint':
      return said || __('The server makes no more accounts for now. Try again later.');
    default:
      return said;
  }
}

define('converse-register', Register);
