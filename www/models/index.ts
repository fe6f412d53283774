/** What plugins hold: handles of the core's entities, and the collections they are in. */
import { Bookmark, Bookmarks, bookmarks } from './bookmarks.ts';
import { incoming, isReplaced, lookForReplaced, outgoing, ownPresence, useCollections } from './replaced.ts';
import { RSM } from '../compat/rsm.ts';
import { getResolveablePromise } from '../compat/utils.ts';
import { ChatBox, Message, Messages, PrivateChat, viewOf } from './chat.ts';
import { ChatBoxes, refused } from './chatboxes.ts';
import { closured } from '../closured.ts';
import { connection } from '../connection.ts';
import { Collection } from './collection.ts';
import { Presence, RosterContact, RosterContacts } from './contact.ts';
import { ConnectionFeedback } from './feedback.ts';
import { DiscoEntities, DiscoEntity, DiscoFeature } from './disco.ts';
import { RosterGroup, RosterGroups } from './group.ts';
import { useCore, type Api, type Core } from './core.ts';
import { changed, handle, register, reset } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model } from './model.ts';
import { ChatRoomOccupant, ChatRoomOccupants } from './occupant.ts';
import { ChatRoom } from './room.ts';
import { XMPPStatus } from './status.ts';
import { VCard } from './vcard.ts';

/** The half of the models that the core calls. */
export function modelsFor(core: Core, api: Api): object {
  useCore(core, api);
  connection.begin();
  lendAddContact(api);
  return { handle, changed, reset, properties, RSM, promise: getResolveablePromise, viewOf, refusal, incoming, lookForReplaced, outgoing, ownPresence };
}

/** What a plugin has put in the place of `roster.addAndSubscribe` counts for `contacts.add`, too. */
function lendAddContact({ contacts }: Api): void {
  const { add } = contacts;
  if (!lentAdd) {
    lentAdd = true;
    const { roster } = properties;
    contacts.add = (jid: string, name?: string) => (isReplaced(roster, 'addAndSubscribe') ? roster.addAndSubscribe(jid, name) : add(jid, name));
  }
}

let lentAdd = false;

/** Why a plugin does not want a conversation with this address. */
function refusal(jid: string): unknown {
  return refused(jid, { jid })?.error;
}

/** The classes and what else is there before any plugin, under the names that plugins know. */
const classes = {
  ChatBox,
  ChatBoxes,
  ChatRoom,
  ChatRoomOccupant,
  ChatRoomOccupants,
  Message,
  Messages,
  PrivateChat,
  RosterContact,
  RosterContacts,
  RosterGroup,
  RosterGroups,
  Presence,
  Presences: Collection,
  Bookmark,
  Bookmarks,
  ConnectionFeedback,
  DiscoEntity,
  DiscoEntities,
  VCard,
  VCards: Collection,
  XMPPStatus,
};

const makers: [Kind, new (attributes: null, options: { place: never }) => Model][] = [
  [Kind.Contact, RosterContact],
  [Kind.Presence, Presence],
  [Kind.Bookmark, Bookmark],
  [Kind.Disco, DiscoEntity],
  [Kind.Feature, DiscoFeature],
  [Kind.Message, Message],
  [Kind.Room, ChatRoom],
  [Kind.Occupant, ChatRoomOccupant],
  [Kind.Group, RosterGroup],
  [Kind.Status, XMPPStatus],
  [Kind.VCard, VCard],
];
// What is called by no address is with an occupant of a room.
register(Kind.Chat, (place) => new (place.id.includes(' ') ? PrivateChat : ChatBox)(null, { place }));
makers.forEach(([kind, Class]) => register(kind, (place) => new Class(null, { place: place as never })));

/** What hangs on `_converse` once it is there. */
const properties = {
  get classes(): object {
    return { ...classes, ...closured() };
  },
  connection,
  roster: new RosterContacts(Kind.Contact),
  chatboxes: new ChatBoxes(Kind.Chat),
  rostergroups: new RosterGroups(Kind.Group),
  presences: new Collection(Kind.Presence),
  bookmarks,
  disco_entities: new DiscoEntities(Kind.Disco),
  stream_features: new Collection(Kind.StreamFeature),
  vcards: new Collection(Kind.VCard),
  /** Each `initialize` has its own. */
  get connfeedback(): Model {
    return new ConnectionFeedback();
  },
  get xmppstatus(): Model {
    return handle(Kind.Status, '', 'status');
  },
};
useCollections(properties);
