/** `converse.env`, and what of it only one of the scripts has. */
import { $build, $iq, $msg, $pres } from './compat/builder.ts';
import { b64_sha1, str_sha1 } from './compat/sha1.ts';
import { Strophe } from './compat/strophe.ts';
import { utils } from './compat/utils.ts';
import { ConverseError } from './errors.ts';
import { lazily } from './lazy.ts';
import { Model } from './models/model.ts';

/** `converse.env`: what plugins import from the library. Open, as plugins put things of their own into it. */
export const env = {
  $build,
  $iq,
  $msg,
  $pres,
  Model,
  Promise,
  SHA1: { b64_sha1, str_sha1 },
  Strophe,
  b64_sha1,
  u: utils,
  utils,
};

/** What is in `converse.env` of one script and not of another: these are in none but the last, the first in two. */
const ABSENT = ['html', 'render', 'BootstrapModal', '_', 'f', 'Backbone', 'moment', 'dayjs', 'sizzle'];
/** The same of `_converse`. */
const ABSENT_VIEWS = ['NativeView', 'VDOMView', 'ViewWithAvatar', 'VDOMViewWithAvatar', 'BootstrapModal'];

/** Puts into `converse.env` what this script has besides. Who reads something else gets undefined, and once an explanation. */
export function furnish(makers: Readonly<Record<string, () => unknown>>): void {
  lazily(env, makers);
  for (const name of ABSENT.filter((name) => !(name in env))) {
    const set = (value: unknown): unknown => Object.defineProperty(env, name, { value, configurable: true, enumerable: true, writable: true });
    Object.defineProperty(env, name, { configurable: true, enumerable: false, get: () => explain(name), set });
  }
}

/** Puts classes on `_converse` that say where they are to be had to who extends them, unless this script has them. */
export function furnishViews(_converse: object, makers: Readonly<Record<string, () => unknown>> = {}): void {
  lazily(_converse, makers);
  for (const name of ABSENT_VIEWS.filter((name) => !(name in _converse))) {
    const refuse = (): never => {
      throw new ConverseError('not-in-this-script', `_converse.${name} ${WHERE}`);
    };
    Object.assign(_converse, { [name]: Object.assign(function () { refuse(); }, { extend: refuse }) });
  }
}

function explain(name: string): undefined {
  if (!explained) {
    explained = true;
    console.warn(`converse: converse.env.${name} ${WHERE}`);
  }
}

const WHERE = 'is not in this script. Include converse.compat.js in its place: it has what plugins for converse.js 4 expect.';
let explained = false;
