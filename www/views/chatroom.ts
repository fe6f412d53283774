/** The views of rooms. */
import { runCommand } from '../elements/room-actions.ts';
import { state } from '../elements/state.ts';
import type { ChatRoom } from '../models/room.ts';
import { ChatBoxView } from './chatbox.ts';

export class ChatRoomView extends ChatBoxView {
  declare readonly model: ChatRoom;

  /** The list of those who are here; null while it is not shown. */
  get occupantsview(): HTMLElement | null {
    return this.el.querySelector('.occupants');
  }

  /** Shows who is here, if that was hidden. */
  createOccupantsView(): this {
    this.model.set('hidden_occupants', false);
    return this;
  }

  /** Shows who is here, or hides it. */
  toggleOccupants(): this {
    this.model.set('hidden_occupants', this.occupantsview !== null);
    return this;
  }

  override parseMessageForCommands(text: string): boolean {
    return runCommand(this.box, text);
  }

  /** Shows the form by which owners say how the room is to be. */
  getAndRenderConfigurationForm(): this {
    const jid: string = this.model.get('jid');
    state.set({ dialog: { name: 'room-config', about: { jid, name: this.model.getDisplayName() } } });
    return this;
  }
}
