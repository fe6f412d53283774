/** What a message says. */
import type { Line } from './message.ts';

export function text(line: Line): unknown {
  return line.text ?? line.url ?? '';
}
