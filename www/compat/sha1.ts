/**
 * SHA-1 (FIPS 180-4) for `converse.env`: synchronous, and there before the wasm is. It names things (the DOM ids of chat
 * boxes, keys in storage) and protects nothing.
 *
 * Each UTF-16 unit counts with its low byte, as in converse.js: names made from text outside of Latin-1 stay the
 * same as they were there. Whoever needs the digest of UTF-8 encodes first.
 */
export function b64_sha1(text: string): string {
  return btoa(str_sha1(text));
}

/** The digest as a string of 20 characters, one a byte. */
export function str_sha1(text: string): string {
  const input = String(text);
  const bytes = Uint8Array.from({ length: input.length }, (_, index) => input.charCodeAt(index));
  return String.fromCharCode(...digest(bytes));
}

function digest(message: Uint8Array): Uint8Array {
  const padded = new DataView(new ArrayBuffer(((message.length + 8) >> 6) * 64 + 64));
  message.forEach((byte, index) => padded.setUint8(index, byte));
  padded.setUint8(message.length, 0x80);
  padded.setUint32(padded.byteLength - 8, Math.floor(message.length / 0x2000_0000));
  padded.setUint32(padded.byteLength - 4, message.length << 3);

  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  for (let offset = 0; offset < padded.byteLength; offset += 64) {
    mix(state, padded, offset);
  }
  const out = new DataView(new ArrayBuffer(20));
  state.forEach((word, index) => out.setUint32(index * 4, word));
  return new Uint8Array(out.buffer);
}

/** Works one block of 64 bytes into the state. */
function mix(state: Uint32Array, block: DataView, offset: number): void {
  const w = new Uint32Array(80);
  for (let t = 0; t < 80; t++) {
    w[t] = t < 16 ? block.getUint32(offset + t * 4) : rotate(at(w, t - 3) ^ at(w, t - 8) ^ at(w, t - 14) ^ at(w, t - 16), 1);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let t = 0; t < 80; t++) {
    const [mixed, constant] =
      t < 20 ? [(b & c) | (~b & d), 0x5a827999]
      : t < 40 ? [b ^ c ^ d, 0x6ed9eba1]
      : t < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
      : [b ^ c ^ d, 0xca62c1d6];
    const next = (rotate(a, 5) + mixed + e + constant + at(w, t)) | 0;
    [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
  }
  [a, b, c, d, e].forEach((word, index) => {
    state[index] = at(state, index) + word;
  });
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}
