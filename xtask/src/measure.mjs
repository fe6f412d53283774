// Prints the bytes of each file that is named: as it is, after gzip -9, after brotli 11.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

for (const file of process.argv.slice(1)) {
  const raw = readFileSync(file);
  const gzip = gzipSync(raw, { level: 9 });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
  console.log(raw.length, gzip.length, brotliCompressSync(raw, { params }).length);
}
