/** The form to log in with. */
import { html, nothing, type TemplateResult } from 'lit';

import { __ } from '../words.ts';
import { setting } from './actions.ts';
import { define, ShownElement } from './element.ts';
import { logIn } from './session.ts';
import { state } from './state.ts';

class Login extends ShownElement {
  override render(): TemplateResult {
    const way: string = setting('authentication');
    const busy = state.session === 'connecting';
    return html`
      <form id="converse-login" class="converse-form" @submit=${this.#submit}>
        ${state.complaint ? html`<p class="conn-feedback error" role="alert">${state.complaint}</p>` : nothing}
        ${way === 'anonymous' || way === 'prebind' ? nothing : this.#address()}
        ${way === 'login' ? this.#password() : nothing}
        <button class="btn-primary" ?disabled=${busy}>
          ${busy ? __('Connecting …') : way === 'anonymous' ? __('Chat without an account') : __('Log in')}
        </button>
      </form>
    `;
  }

  #address(): TemplateResult {
    const domain: string | undefined = setting('locked_domain') ?? setting('default_domain');
    return html`
      <label for="converse-login-jid">${domain ? __('Username') : __('XMPP address')}</label>
      <input id="converse-login-jid" name="jid" type="text" required autocomplete="username" autocapitalize="none" spellcheck="false"
        .value=${setting('jid') ?? ''} placeholder=${domain ? __('Username') : __('user@domain')} />
    `;
  }

  #password(): TemplateResult {
    return html`
      <label for="converse-login-password">${__('Password')}</label>
      <input id="converse-login-password" name="password" type="password" required autocomplete="current-password" />
      <label class="checkbox">
        <input name="trusted" type="checkbox" ?checked=${setting('trusted')} />
        ${__('This is a trusted device')}
      </label>
      <p class="hint">${__('On a device that is not yours, leave this off: nothing stays on it after you log out.')}</p>
    `;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(data.get(name) ?? '').trim();
    if (setting('authentication') === 'anonymous') {
      return logIn(undefined);
    }
    const domain: string | undefined = setting('locked_domain') ?? setting('default_domain');
    const typed = text('jid');
    const jid = domain && !typed.includes('@') ? `${typed}@${domain}` : typed;
    logIn({ jid, password: String(data.get('password') ?? '') });
  }
}

define('converse-login', Login);
