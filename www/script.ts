/** The second script of the client, which has what nobody sees at first. */
import { ConverseError } from './errors.ts';

/** Which build a script is of: `xtask/src/build.rs` fills it in. */
declare const BUILD: string;

/** What that script exports. */
export interface Script {
  readonly build: string;
  /** Runs it, with what it uses of the first. */
  default(first: object): void;
}

/** How a client comes by its second script. */
export interface Second {
  /** Loads it. Scripts that were not bundled look for it where the file at `base` lies. */
  load(base: URL): Promise<Script>;
  /** What it uses of the first. */
  readonly first: object;
}

let attempts = 0;

/** Loads it from where the file at `base` lies. */
export function loadBeside(base: URL): Promise<Script> {
  const address = new URL('converse.later.js', base);
  // What could not be loaded is not asked for again by the same address.
  address.hash = attempts > 0 ? String(attempts) : '';
  attempts += 1;
  return import(address.href);
}

/** Loads the second script and runs it. Rejects with a `ConverseError`. */
export async function runSecond({ load, first }: Second, base: URL): Promise<void> {
  const script = await load(base).catch((cause: unknown) => {
    throw new ConverseError(
      'script-unreachable',
      'converse.later.js could not be loaded. It must lie beside the script, or in the folder that the setting assets_path ' +
        "names, be served as JavaScript, and be allowed by the page's Content-Security-Policy (script-src). From another " +
        'origin it must come with the header Access-Control-Allow-Origin.',
      { cause },
    );
  });
  if (script.build !== BUILD) {
    throw new ConverseError('script-invalid', 'converse.later.js does not fit its script: take all files from one release.');
  }
  script.default(first);
}
