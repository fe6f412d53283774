/** The views of rooms. */
import { runCommand } from '../elements/room-actions.ts';
import { state } from '../elements/state.ts';
import type { ChatRoom } from '../models/room.ts';
import { isReplaced, replaceable } from '../models/replaced.ts';
import { ChatBoxView } from './chatbox.ts';
import { View } from './view.ts';

export class ChatRoomView extends ChatBoxView {
  declare readonly model: ChatRoom;

  override initialize(): void {
    this.createOccupantsView();
    if (isReplaced(this, 'renderAfterTransition')) {
      this.listenTo(this.model, 'change:connection_status', () => this.renderAfterTransition());
    }
  }

  /** The list of those who are here; null while it is not shown. */
  get occupantsview(): View | null {
    const el = this.el.querySelector<HTMLElement>('.occupants');
    return el && new View(el, this.model);
  }

  /** The list comes and goes by itself; plugins do what they have to do with it after this. */
  createOccupantsView(): this {
    return this;
  }

  /** How far the user is in the room has changed, and is shown by itself. */
  renderAfterTransition(): this {
    return this.render();
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

replaceable(ChatRoomView.prototype, 0, 'renderAfterTransition');
