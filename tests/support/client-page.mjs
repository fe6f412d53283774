// The page of a site that has the whole client.

/** A page that trusts nobody, but for pictures: what does not need more than this policy, needs no more anywhere. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: https:; connect-src *; require-trusted-types-for 'script'";

/** @param {string} [script] the address of one that runs before the client's */
export function clientPage(script) {
  return '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    + `<meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>A site</title><link rel="stylesheet" href="/pkg/converse.css">`
    + (script ? `<script src="${script}"></script>` : '')
    + '<script src="/pkg/converse.js"></script><body><main><h1>A site</h1></main></body></html>';
}
