/** What plugins hold: handles of the core's entities, and the collections they are in. */
import { Bookmark, Bookmarks, bookmarks } from './bookmarks.ts';
import { Collection } from './collection.ts';
import { Presence, RosterContact, RosterContacts } from './contact.ts';
import { useCore, type Core } from './core.ts';
import { DiscoEntities, DiscoEntity, DiscoFeature } from './disco.ts';
import { changed, handle, register, reset } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model } from './model.ts';

/** The half of the models that the core calls. */
export function modelsFor(core: Core): object {
  useCore(core);
  return { handle, changed, reset, properties };
}

/** The classes, under the names that plugins know. */
const classes = {
  RosterContact,
  RosterContacts,
  Presence,
  Presences: Collection,
  Bookmark,
  Bookmarks,
  DiscoEntity,
  DiscoEntities,
  VCard: Model,
  VCards: Collection,
  XMPPStatus: Model,
};

const makers: [Kind, new (attributes: null, options: { place: never }) => Model][] = [
  [Kind.Contact, RosterContact],
  [Kind.Presence, Presence],
  [Kind.Bookmark, Bookmark],
  [Kind.Disco, DiscoEntity],
  [Kind.Feature, DiscoFeature],
];
makers.forEach(([kind, Class]) => register(kind, (place) => new Class(null, { place: place as never })));

/** What hangs on `_converse` once it is there. */
const properties = {
  classes,
  roster: new RosterContacts(Kind.Contact),
  presences: new Collection(Kind.Presence),
  bookmarks,
  disco_entities: new DiscoEntities(Kind.Disco),
  stream_features: new Collection(Kind.StreamFeature),
  vcards: new Collection(Kind.VCard),
  get xmppstatus(): Model {
    return handle(Kind.Status, '', 'status');
  },
};
