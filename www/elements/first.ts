/** What the elements of the second script use of the first. `xtask/src/build/later.mjs` has them find it here. */
export { html, LitElement, noChange, nothing } from 'lit';
export { Directive, directive } from 'lit/directive.js';
export { repeat } from 'lit/directives/repeat.js';

export { $build } from '../compat/builder.ts';
export { fileName } from '../compat/dom.ts';
export { api, core } from '../models/core.ts';
export { handle, onReset } from '../models/handles.ts';
export { Kind } from '../models/kinds.ts';
export { ROOM_FEATURES, ROOMSTATUS } from '../models/room.ts';
export { viewOf } from '../views/index.ts';
export { arePluginsDrawing, drawByPlugins } from '../views/message.ts';
export { __, LANGUAGES, locale, number, percent, plural } from '../words.ts';
export { attempt, close, modelOf, openChat, openRoom, setting, show } from './actions.ts';
export { avatar, letter } from './avatar.ts';
export { define, ShownElement } from './element.ts';
export { addedButton, hooked } from './hooked.ts';
export { icon } from './icons.ts';
export { coversRoom, hidesOccupants, occupantWords } from './modes.ts';
export { presenceWords } from './profile.ts';
export { asked, change, doWith, mention, roomOf } from './room-actions.ts';
export { logIn, reason } from './session.ts';
export { boxes, showAll } from './shown.ts';
export { state } from './state.ts';
export { WindowedList } from './windowed.ts';
