import { $build, $iq, $msg, $pres } from './compat/builder.ts';
import { b64_sha1, str_sha1 } from './compat/sha1.ts';
import { Strophe } from './compat/strophe.ts';
import { utils } from './compat/utils.ts';

/** `converse.env`: what plugins import from the library. Open, as plugins put things of their own into it. */
export const env = {
  $build,
  $iq,
  $msg,
  $pres,
  Promise,
  SHA1: { b64_sha1, str_sha1 },
  Strophe,
  b64_sha1,
  utils,
};
