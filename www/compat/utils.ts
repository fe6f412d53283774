/** What of `converse.env.utils` has no file of its own, and all of it together. */
import * as bytes from './bytes.ts';
import { getBareJidFromJid } from './jid.ts';
import * as messages from './messages.ts';
import * as muc from './muc.ts';
import { parseXml } from './parse.ts';
import { copyInto } from './xml.ts';

/** A promise that can be settled from outside, and asked how it stands. */
interface Resolvable<T> extends Promise<T> {
  isPending: boolean;
  isResolved: boolean;
  isRejected: boolean;
  resolve(value?: T | PromiseLike<T>): void;
  reject(reason?: unknown): void;
}

/** A model as far as these functions look at one. */
interface Saving {
  collection?: { browserStorage?: unknown };
  save(attributes: object): unknown;
  set(attributes: object): unknown;
}

/** Whether `jid` is of the form `node@domain`, with or without a resource. */
function isValidJID(jid: unknown): boolean {
  if (typeof jid !== 'string') {
    return false;
  }
  const [node = '', domain = '', ...more] = getBareJidFromJid(jid.trim())?.split('@') ?? [];
  return more.length === 0 && node !== '' && domain !== '' && !FORBIDDEN.test(node) && !/\s/.test(domain);
}

function isSameBareJID(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' && a !== '' && bare(a) === bare(b);
}

function bare(jid: string): string | undefined {
  return getBareJidFromJid(jid)?.toLowerCase();
}

export function getResolveablePromise<T>(): Resolvable<T> {
  let settle: ((value: T | PromiseLike<T>) => void)[] = [];
  const promise = new Promise<T>((...both) => (settle = both)) as Resolvable<T>;
  const end = (state: 'isResolved' | 'isRejected', value: unknown): void => {
    if (promise.isPending) {
      promise.isPending = false;
      promise[state] = true;
      settle[state === 'isResolved' ? 0 : 1]!(value as T);
    }
  };
  return Object.assign(promise, {
    isPending: true,
    isResolved: false,
    isRejected: false,
    resolve: (value?: unknown) => end('isResolved', value),
    reject: (reason?: unknown) => end('isRejected', reason),
  });
}

/** The element that XML text stands for, of the same make as those that are built and received. */
function toStanza(xml: string): Element {
  return copyInto(null, parseXml(xml));
}

/** Deep-merges `more` into `target`: a map or list is merged, never replaced by a plain value; all else is taken over. */
function merge(target: Record<string, unknown>, more: Record<string, unknown> | null | undefined): void {
  for (const [key, value] of Object.entries(more ?? {})) {
    const old = Object.hasOwn(target, key) ? target[key] : undefined;
    if (key === '__proto__') {
      continue;
    }
    if (typeof old === 'object' && old !== null) {
      if (typeof value === 'object' && value !== null) {
        merge(old as Record<string, unknown>, value as Record<string, unknown>);
      }
    } else {
      target[key] = value;
    }
  }
}

/** Saves where there is a storage to save to, else sets: a model may have been removed in the meantime. */
function safeSave(model: Saving, attributes: object): void {
  if (model.collection?.browserStorage) {
    model.save(attributes);
  } else {
    model.set(attributes);
  }
}

function getUniqueId(): string {
  // crypto.randomUUID is missing on pages without TLS.
  const random = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}

/** From 0 up to, and without, `max`. */
function getRandomInt(max: number): number {
  return Math.floor(Math.random() * Math.floor(max));
}

/** `converse.env.utils`: what needs neither page nor session. */
export const utils = {
  isValidJID,
  isSameBareJID,
  getResolveablePromise,
  toStanza,
  merge,
  safeSave,
  getUniqueId,
  getRandomInt,
  ...messages,
  ...muc,
  ...bytes,
};

/** What RFC 7622 (section 3.3.1) keeps out of the node, and white space. */
const FORBIDDEN = /["&'/:<>@\s]/;
