// What the benchmarks have in common: what they say of the machine, and how they measure memory.

import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Of what the figures are. */
export function heading(browser) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).toString().trim();
  return `${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${cpus().length} × ${cpus()[0].model}, Chromium ${browser.version()}`;
}

/** To run in a page before anything else, for [`memoryOf`]: which memories its WebAssembly has. */
export function noteMemories() {
  window.memories = new Set();
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const plain = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await plain.apply(WebAssembly, given);
      for (const one of Object.values((made.instance ?? made).exports)) {
        if (one instanceof WebAssembly.Memory) window.memories.add(one);
      }
      return made;
    };
  }
}

/** What the page takes after a collection, in bytes: its JavaScript, and its WebAssembly. */
export async function memoryOf(page, devtools) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const wasm = await page.evaluate(() => [...window.memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0));
  return { script: usedSize, wasm, all: usedSize + wasm };
}
