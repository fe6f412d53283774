// What happens in a soak, and in which order: all of it follows from the seed.

import { seeded } from '../support/random.mjs';

const WEBSOCKET_FAULTS = ['cut', 'cut', 'half', 'drop', 'freeze', 'freeze', 'delay', 'halfClose', 'refuse'];
const BOSH_FAULTS = ['cut', 'half', 'drop', 'drop', 'drop', 'freeze', 'delay', 'halfClose', 'refuse'];

/**
 * @typedef {object} Step
 * @property {'fault' | 'reload' | 'restart' | 'suspend'} what `reload` has a fault too
 * @property {import('../support/proxy.mjs').Fault} [fault]
 * @property {number} ms how long a suspension lasts, or when in the fault the page is reloaded
 * @property {boolean} cut whether the connection is lost while the page is suspended
 * @property {boolean} nudge whether the browser says afterwards that there is a network again
 * @property {{ page: number, peer: number, pause: number }[]} bursts how many messages each side sends, one burst after
 *   the other
 *
 * @param {{ seed: number, transport: string, steps: number, messages: number, silentPeer?: boolean }} options
 * @returns {Step[]}
 */
export function plan({ seed, transport, steps: count, messages, silentPeer = false }) {
  const random = seeded(seed);
  const kinds = transport === 'bosh' ? BOSH_FAULTS : WEBSOCKET_FAULTS;
  // Twice a share in a step's bursts is too much as often as it is too little.
  const share = Math.ceil(messages / count);
  const steps = [];
  for (let number = 1; number <= count; number += 1) {
    const what = kindOfStep(number, count);
    steps.push({
      what,
      fault: {
        kind: random.pick(kinds),
        after: { [random.pick(['to', 'from'])]: random.between(1, what === 'reload' ? 8 : 4) },
        ms: random.between(20, 400),
      },
      ms: random.between(0, 400),
      cut: random.next() < 0.5,
      nudge: random.next() < 0.6,
      bursts: bursts(random, share).map((burst) => (silentPeer ? { ...burst, peer: 0 } : burst)),
    });
  }
  return steps;
}

/** Spread evenly, so that a short soak has some of everything. */
function kindOfStep(number, count) {
  if (number === Math.floor(count / 2) || number % 67 === 0) return 'restart';
  if (number % 10 === 3) return 'reload';
  if (number % 20 === 6) return 'suspend';
  return 'fault';
}

function bursts(random, share) {
  const first = { page: random.between(0, share), peer: random.between(0, share), pause: random.between(0, 50) };
  const second = { page: share - first.page, peer: share - first.peer, pause: random.between(0, 50) };
  return [first, second];
}
