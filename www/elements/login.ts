/** The form to log in with. */
import { html, nothing, type TemplateResult } from 'lit';

import { addToLogin } from '../views/login-panel.ts';
import { __ } from '../words.ts';
import { setting } from './actions.ts';
import { define, ShownElement } from './element.ts';
import { complain, logIn } from './session.ts';
import { state } from './state.ts';

class Login extends ShownElement {
  /** What is under way was begun here, and the form stays while it is. */
  #submitted = false;

  override render(): TemplateResult {
    const way: string = setting('authentication');
    const busy = state.session !== 'offline';
    this.#submitted &&= busy;
    return html`
      ${busy ? html`<p class="conn-feedback" role="status"><span class="spinner"></span> ${progress()}</p>` : nothing}
      <form id="converse-login" class="converse-form" ?hidden=${busy && !this.#submitted} aria-busy=${String(busy)} @submit=${this.#submit}>
        ${state.complaint ? html`<p class="conn-feedback error" role="alert">${state.complaint}</p>` : nothing}
        ${way === 'login' || way === 'external' ? this.#address() : nothing}
        ${way === 'login' ? this.#password() : nothing}
        <button class="btn-primary" ?disabled=${busy}>${action(way)}</button>
      </form>
      ${way === 'login' && setting('allow_registration') ? this.#others(busy) : nothing}
    `;
  }

  protected override firstUpdated(): void {
    addToLogin(this);
  }

  #address(): TemplateResult {
    const locked = lockedDomain();
    const label = locked ? __('Username') : __('XMPP address');
    const example: string = setting('default_domain') ? __('user or user@domain') : __('user@domain');
    return html`
      <label for="converse-login-jid">${label}</label>
      <div class="address-field">
        <input id="converse-login-jid" name="jid" type="text" required autocomplete="username" autocapitalize="none" spellcheck="false" dir="ltr"
          .value=${setting('jid') ?? ''} placeholder=${locked ? '' : example} aria-describedby=${locked ? 'converse-login-domain' : nothing} />
        ${locked ? html`<span id="converse-login-domain" class="domain" dir="ltr">@${locked}</span>` : nothing}
      </div>
    `;
  }

  #password(): TemplateResult {
    const trusted = setting('trusted');
    return html`
      <label for="converse-login-password">${__('Password')}</label>
      <input id="converse-login-password" name="password" type="password" required autocomplete="current-password" />
      ${trusted === 'on' || trusted === 'off'
        ? nothing
        : html`
            <label class="checkbox">
              <input name="trusted" type="checkbox" ?checked=${trusted} aria-describedby="converse-login-hint" />
              ${__('This is a trusted device')}
            </label>
            <p class="hint" id="converse-login-hint">${__('On a device that is not yours, turn this off: nothing is kept on it then, not even for a reload.')}</p>
          `}
    `;
  }

  #others(busy: boolean): TemplateResult {
    return html`
      <p class="other-way">
        ${__('No account yet?')}
        <button type="button" class="link-button register-account" ?disabled=${busy} @click=${() => state.set({ entry: 'register', complaint: undefined })}>
          ${__('Create one')}
        </button>
      </p>
    `;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const way: string = setting('authentication');
    this.#submitted = true;
    if (way !== 'login' && way !== 'external') {
      return logIn({});
    }
    const jid = address(String(data.get('jid') ?? '').trim());
    if (!jid) {
      return complain(__('Only accounts of %s can log in here.', lockedDomain()));
    }
    if (way === 'external') {
      return logIn({ jid });
    }
    const asked = form.elements.namedItem('trusted') !== null;
    logIn({ jid, password: String(data.get('password') ?? ''), ...(asked ? { trusted: data.has('trusted') } : {}) });
  }
}

/** What is being done. */
function progress(): string {
  return state.session === 'authenticating' ? __('Logging in …') : __('Reaching the server …');
}

function action(way: string): string {
  switch (way) {
    case 'anonymous':
      return __('Chat without an account');
    case 'prebind':
      return state.complaint ? __('Try again') : __('Log in');
    default:
      return __('Log in');
  }
}

/** The only domain that there are accounts of, if there is only one. */
function lockedDomain(): string | undefined {
  return setting('locked_domain') || undefined;
}

/** The address that was meant; `undefined` if it is not of the only domain that it may be of. */
function address(typed: string): string | undefined {
  const locked = lockedDomain();
  const domain: string | undefined = locked ?? setting('default_domain');
  if (!typed.includes('@')) {
    return domain ? `${typed}@${domain}` : typed;
  }
  return !locked || typed.toLowerCase().split('/')[0]!.endsWith(`@${locked.toLowerCase()}`) ? typed : undefined;
}

define('converse-login', Login);
