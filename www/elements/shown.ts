/** From changes in the core to elements that show what has changed: at once, and while more and more comes ten times a second. */
import { core } from '../models/core.ts';
import { onReset } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import type { Box } from './actions.ts';
import { forgetPicture } from './avatar.ts';
import { state } from './state.ts';

/** Something that shows entities. */
export interface Watcher {
  /** The kinds of entities that it shows, each with whom they belong to if it is not all of them. */
  readonly watches: readonly (readonly [kind: Kind, of?: string])[];
  /** Shows them anew. */
  requestUpdate(): void;
}

/** The open conversations, as all elements have them that are shown in one frame. */
let boxesNow: readonly Box[] | undefined;

/**
 * The open conversations for elements, which are asked for once in a frame, however many show them. Who acts on what is
 * there asks the core.
 */
export function boxes(): readonly Box[] {
  if (!boxesNow) {
    boxesNow = core().boxes() as Box[];
    setTimeout(forgetBoxes);
  }
  return boxesNow;
}

function forgetBoxes(): void {
  boxesNow = undefined;
}

state.addEventListener('change', forgetBoxes);

const watchers = new Set<Watcher>();

export function watch(watcher: Watcher): void {
  watchers.add(watcher);
}

export function unwatch(watcher: Watcher): void {
  watchers.delete(watcher);
}

/** Has all elements shown anew. */
export function showAll(): void {
  forgetBoxes();
  watchers.forEach((watcher) => watcher.requestUpdate());
}

/** Begins to listen to the core; again after each `initialize`. */
export function followCore(): void {
  core().onShown(wake);
  onReset(forgetAll);
}

/** What is shown this soon after it has come counts as at once (RAIL's *response*), and each time costs style, layout and paint. */
const BETWEEN_MS = 100;

/** When changes were shown last. */
let shownAt = -BETWEEN_MS;

function wake(): void {
  const wait = shownAt + BETWEEN_MS - performance.now();
  if (wait > 0) {
    setTimeout(() => requestAnimationFrame(showChanges), wait);
  } else {
    requestAnimationFrame(showChanges);
  }
}

function forgetAll(): void {
  forgetPicture();
  showAll();
}

function showChanges(time: number): void {
  shownAt = time;
  forgetBoxes();
  const changes = core().takeShown();
  const changed = (kind: Kind, of?: string): boolean => {
    for (let at = 0; at < changes.length; at += 2) {
      if (changes[at] === kind && (of === undefined || changes[at + 1] === of)) {
        return true;
      }
    }
    return false;
  };
  for (let at = 0; at < changes.length; at += 2) {
    if (changes[at] === Kind.VCard) {
      // Anybody's, if it is empty.
      forgetPicture(changes[at + 1] as string);
    }
  }
  for (const watcher of watchers) {
    if (watcher.watches.some(([kind, of]) => changed(kind, of))) {
      watcher.requestUpdate();
    }
  }
}
