/** Boxes that stand side by side need room: those that have been waiting longest for a look make it. */
import { recency, type Box } from './actions.ts';

/**
 * Which of the open boxes have to go, where there is room for so many CSS pixels. The newest stays, come what may.
 *
 * @param width how wide a box is, with the gap beside it
 */
export function surplus(boxes: readonly Box[], room: number, width: (box: Box) => number): Box[] {
  const byAge = [...boxes].sort((one, other) => recency(one) - recency(other));
  let taken = byAge.reduce((sum, box) => sum + width(box), 0);
  return byAge.slice(0, -1).filter((box) => {
    const goes = taken > room;
    taken -= goes ? width(box) : 0;
    return goes;
  });
}
