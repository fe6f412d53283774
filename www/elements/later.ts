/**
 * The second script of the client, `pkg/converse.later.js`: the elements that nobody sees before somebody is logged in and
 * talks to somebody. They stand in the document already, and come to life when this runs. What they use of the first script
 * is that script's own: see `first.ts`.
 */
import './composer.ts';
import './dialogs.ts';
import './messages.ts';
import './occupants.ts';
import './open-chats.ts';
import './register.ts';
import './room-entry.ts';
