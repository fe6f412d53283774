// As much of WebSocket (RFC 6455) as it takes to see where a frame ends, and to be a client in a test.

/** Cuts a byte stream into frames. */
export class WebSocketFrames {
  #bytes = Buffer.alloc(0);

  /** The frames that are complete with `bytes`. `counts` says that it carries data, not a ping, pong or close. */
  push(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const frames = [];
    for (let frame = this.#take(); frame; frame = this.#take()) frames.push(frame);
    return frames;
  }

  #take() {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const masked = (bytes[1] & 0x80) !== 0;
    let length = bytes[1] & 0x7f;
    let head = 2;
    if (length === 126) {
      if (bytes.length < 4) return undefined;
      length = bytes.readUInt16BE(2);
      head = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return undefined;
      length = Number(bytes.readBigUInt64BE(2));
      head = 10;
    }
    const start = head + (masked ? 4 : 0);
    if (bytes.length < start + length) return undefined;
    this.#bytes = bytes.subarray(start + length);
    const opcode = bytes[0] & 0x0f;
    const payload = bytes.subarray(start, start + length);
    const mask = masked ? bytes.subarray(head, start) : undefined;
    const text = () => (mask ? payload.map((byte, index) => byte ^ mask[index & 3]) : payload).toString('utf8');
    return { bytes: bytes.subarray(0, start + length), opcode, counts: opcode < 8, text };
  }
}

/** A final frame of a client, masked with zeros. */
export function textFrame(text, opcode = 1) {
  const payload = Buffer.from(text);
  const head = payload.length < 126
    ? Buffer.from([0x80 | opcode, 0x80 | payload.length])
    : Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}
