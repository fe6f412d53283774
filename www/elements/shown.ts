/** From changes in the core to elements that show what has changed: once a frame, however much it was. */
import { core } from '../models/core.ts';
import { onReset } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import { forgetPictures } from './avatar.ts';

/** Something that shows entities. */
export interface Watcher {
  /** The kinds of entities that it shows, each with whom they belong to if it is not all of them. */
  readonly watches: readonly (readonly [kind: Kind, of?: string])[];
  /** Shows them anew. */
  requestUpdate(): void;
}

const watchers = new Set<Watcher>();

export function watch(watcher: Watcher): void {
  watchers.add(watcher);
}

export function unwatch(watcher: Watcher): void {
  watchers.delete(watcher);
}

/** Has all elements shown anew. */
export function showAll(): void {
  watchers.forEach((watcher) => watcher.requestUpdate());
}

/** Begins to listen to the core; again after each `initialize`. */
export function followCore(): void {
  core().onShown(wake);
  onReset(forgetAll);
}

function wake(): void {
  requestAnimationFrame(showChanges);
}

function forgetAll(): void {
  forgetPictures();
  showAll();
}

function showChanges(): void {
  const changes = core().takeShown();
  const changed = (kind: Kind, of?: string): boolean => {
    for (let at = 0; at < changes.length; at += 2) {
      if (changes[at] === kind && (of === undefined || changes[at + 1] === of)) {
        return true;
      }
    }
    return false;
  };
  if (changed(Kind.VCard)) {
    forgetPictures();
  }
  for (const watcher of watchers) {
    if (watcher.watches.some(([kind, of]) => changed(kind, of))) {
      watcher.requestUpdate();
    }
  }
}
