/** What dialogs are made of. */
import { html, nothing, type TemplateResult } from 'lit';

import { __ } from '../../words.ts';
import { state } from '../state.ts';

/** What a dialog shows. */
export interface Content {
  title: string;
  body: TemplateResult;
}

/** A form that does something and closes the dialog when that has worked. If not, it says why. `others` stand beside its button. */
export function form(action: (values: Record<string, string>) => unknown, submit: string, fields: TemplateResult, others: unknown = nothing): TemplateResult {
  const submitted = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const element = event.target as HTMLFormElement;
    const values = Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, String(value).trim()]));
    const { dialog } = state;
    try {
      await action(values);
      // What was done may have opened another one.
      if (state.dialog === dialog) {
        closeDialog();
      }
    } catch (error) {
      const complaint = element.querySelector<HTMLElement>('.form-complaint')!;
      complaint.textContent = error instanceof Error ? error.message : __('This did not work.');
      complaint.hidden = false;
    }
  };
  return html`
    <form class="converse-form" @submit=${submitted}>
      <p class="error form-complaint" role="alert" hidden></p>
      ${fields}
      <div class="buttons">
        <button class="btn-primary">${submit}</button> ${others}
        <button type="button" class="btn-secondary" @click=${closeDialog}>${__('Cancel')}</button>
      </div>
    </form>
  `;
}

export function closeDialog(): void {
  state.set({ dialog: undefined });
}
