// As much of HTTP/1.1 as it takes to see where a request or a response ends.

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Cuts a byte stream into requests, or into responses. */
export class HttpMessages {
  #bytes = Buffer.alloc(0);

  /** The messages that are complete with `bytes`; `line` is the first line, `text` the body. */
  push(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const messages = [];
    for (let message = this.#take(); message; message = this.#take()) messages.push(message);
    return messages;
  }

  /** What came after the last complete message. */
  rest() {
    return this.#bytes;
  }

  #take() {
    const headEnd = this.#bytes.indexOf(END_OF_HEAD);
    if (headEnd < 0) return undefined;
    const head = this.#bytes.subarray(0, headEnd).toString('latin1');
    const [line] = head.split('\r\n', 1);
    const header = (name) => new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'im').exec(head)?.[1];
    const upgrade = /^websocket$/i.test(header('upgrade') ?? '');
    const start = headEnd + END_OF_HEAD.length;
    const chunked = /chunked/i.test(header('transfer-encoding') ?? '');
    const end = chunked ? endOfChunks(this.#bytes, start) : start + Number(header('content-length') ?? 0);
    if (end === undefined || this.#bytes.length < end) return undefined;
    const body = this.#bytes.subarray(start, end);
    const message = { bytes: this.#bytes.subarray(0, end), line, upgrade, text: () => body.toString('utf8') };
    this.#bytes = this.#bytes.subarray(end);
    return message;
  }
}

/** Where a chunked body ends that begins at `start`; undefined if it is not all there. */
function endOfChunks(bytes, start) {
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    at = lineEnd + 2 + size + 2;
    if (at > bytes.length) return undefined;
    if (size === 0) return at;
  }
}
