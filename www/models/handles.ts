/** Which handles there are: each entity has one, as long as somebody holds it. */
import { listenedCollections, type Collection } from './collection.ts';
import { core } from './core.ts';
import { Kind, What } from './kinds.ts';
import { Model, type Place } from './model.ts';

/** Makes the handle of an entity of a kind; `register` says how. */
type Maker = (place: Place) => Model;
const makers = new Map<Kind, Maker>();

/** The handles that somebody may hold, by place. */
const handles = new Map<string, WeakRef<Model>>();
const forgotten = new FinalizationRegistry<Place>((place) => {
  // The same entity may have got another handle in the meantime.
  if (!handles.get(name(place))?.deref()) {
    handles.delete(name(place));
    core().watch(place.kind, place.of, place.id, false);
  }
});

const resets = new Set<() => void>();

export function register(kind: Kind, maker: Maker): void {
  makers.set(kind, maker);
}

/** The handle of an entity: the same object as long as anyone holds it. */
export function handle(kind: Kind, of: string, id: string): Model {
  const place: Place = { kind, of, id };
  const known = handles.get(name(place))?.deref();
  if (known) {
    return known;
  }
  const make = makers.get(kind);
  const model = make ? make(place) : new Model(null, { place });
  handles.set(name(place), new WeakRef(model));
  forgotten.register(model, place);
  core().watch(kind, of, id, true);
  return model;
}

/** The handle with this cid, if somebody holds it. */
export function byCid(cid: string): Model | undefined {
  for (const reference of /^c\d+$/.test(cid) ? handles.values() : []) {
    const model = reference.deref();
    if (model?.cid === cid) {
      return model;
    }
  }
  return undefined;
}

/** Takes in what the core says became of an entity. */
export function changed(what: number, kind: Kind, of: string, id: string): void {
  const collections: readonly Collection<any>[] = listenedCollections(kind, of);
  const held = handles.get(name({ kind, of, id }))?.deref();
  if (!held && collections.length === 0) {
    return;
  }
  const model = held ?? handle(kind, of, id);
  switch (what) {
    case What.Added:
      model.refresh();
      model.collection ??= collections.find((collection) => collection.of === of);
      collections.forEach((collection) => collection.handleAdded(model));
      model.trigger('add', model, model.collection, {});
      break;
    case What.Removed:
      model.markRemoved();
      model.trigger('remove', model, model.collection, {});
      collections.forEach((collection) => collection.handleRemoved(model));
      break;
    default:
      model.refresh();
      collections.forEach((collection) => collection.handleChanged(model));
  }
}

/** Calls `then` whenever everything may be other than it was. */
export function onReset(then: () => void): void {
  resets.add(then);
}

/** Takes in that everything may be other than it was. */
export function reset(): void {
  resets.forEach((then) => then());
  for (const [place, reference] of [...handles]) {
    const model = reference.deref();
    const before = model?.removed;
    model?.refresh();
    if (model?.removed && !before) {
      model.trigger('remove', model, model.collection, {});
      if (place.startsWith(`${Kind.Message} `)) {
        // The number may become that of another message.
        handles.delete(place);
      }
    }
  }
}

/** Says of which entities there are handles to a core that does not know. */
export function holdAgain(): void {
  for (const [place, reference] of handles) {
    if (reference.deref()) {
      const [, kind, of, id] = /^(\d+) (.*)\n(.*)$/.exec(place)!;
      core().watch(Number(kind), of!, id!, true);
    }
  }
}

function name({ kind, of, id }: Place): string {
  return `${kind} ${of}\n${id}`;
}
