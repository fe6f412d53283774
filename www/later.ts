/**
 * The second half of the WebAssembly. A release build is cut in two (`xtask/src/build/split.rs`): the first half is enough
 * until a user is logged in and sees who is there, and nobody waits for the second. If something of it is called before it
 * has come, it is fetched while the page stands still.
 */
import * as glue from '../pkg/converse_wasm.js';

import { ConverseError } from './errors.ts';

/** The names of what the halves of a build have in common. */
const SHARED = /^[0-9a-f]{8}\d+$/;

let first: WebAssembly.Exports;
let isWhole = true;
let compiled: WebAssembly.Module | undefined;
let url: URL;

glue.hooks.later = () => {
  joinNow(compiled ?? new WebAssembly.Module(fetchNow()));
};

/** Takes what an instance of the first half exports, before anybody calls it. */
export function share(exports: WebAssembly.Exports): void {
  first = exports;
  isWhole = !Object.keys(exports).some((name) => SHARED.test(name));
  if (compiled && compilesNow()) {
    joinNow(compiled);
  }
}

/** Says where the second half is to come from. False if there is none, or it is there. */
export function expectFrom(place: URL): boolean {
  url = place;
  return !isWhole;
}

/** Joins the second half to the instance that there is, unless that has it. */
export async function join(module = compiled): Promise<void> {
  if (module && !isWhole) {
    await WebAssembly.instantiate(module, { ...glue.imports(), first }).catch((cause: unknown) => refuse(url, cause));
    joined(module);
  }
}

function joinNow(module: WebAssembly.Module): void {
  try {
    new WebAssembly.Instance(module, { ...glue.imports(), first });
  } catch (cause) {
    refuse(url, cause);
  }
  joined(module);
}

/** Says that the file at `url` is of another build than the script. */
export function refuse(url: URL, cause: unknown): never {
  throw new ConverseError('wasm-invalid', `${url} does not fit its script: take all files from one release.`, { cause });
}

function joined(module: WebAssembly.Module): void {
  compiled = module;
  isWhole = true;
}

/** Whether the browser compiles what is larger than 4 KB while the page waits. Chromium does since its version 115. */
export function compilesNow(): boolean {
  const large = new Uint8Array(0x2000);
  // The magic number, the version, and one section that nobody reads, 0x1FF5 bytes long.
  large.set([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 0xf5, 0x3f]);
  try {
    return Boolean(new WebAssembly.Module(large));
  } catch {
    return false;
  }
}

function fetchNow(): Uint8Array<ArrayBuffer> {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  // Each byte is the lower half of one character: a page gets nothing but text without a turn.
  request.overrideMimeType('text/plain; charset=x-user-defined');
  try {
    request.send();
  } catch (cause) {
    throw new ConverseError('wasm-unreachable', `${url} could not be fetched.`, { cause });
  }
  if (request.status !== 200) {
    throw new ConverseError('wasm-not-found', `${url} answered ${request.status}.`);
  }
  return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0));
}
