/**
 * What the user has done with the screen, for the next load of this tab. Like all that is kept, it ends with the tab and
 * with the session, and on a device that is not trusted there is none of it.
 */
import { setting } from './actions.ts';
import { state } from './state.ts';

const KEY = 'converse-wasm/client';

/** What is kept of `State`. */
interface Kept {
  controlbox?: boolean;
  controlboxSize: { width?: number; height?: number };
  asksToNotify: boolean;
}

/** What the load before has kept. Other scripts of the page may have written there. */
export function kept(): Kept {
  let found: Record<string, unknown> = {};
  try {
    found = Object(JSON.parse(sessionStorage.getItem(KEY) ?? '{}'));
  } catch {
    // There is no storage, or it makes no sense.
  }
  const { open, width, height, asks } = found;
  return {
    ...(typeof open === 'boolean' && { controlbox: open }),
    controlboxSize: { ...(typeof width === 'number' && { width }), ...(typeof height === 'number' && { height }) },
    asksToNotify: asks !== false,
  };
}

/** What was written last. */
let written: string | undefined;

function keep(): void {
  const { controlbox: open, controlboxSize, asksToNotify: asks } = state;
  const trusted: unknown = setting('trusted');
  const wanted = state.isIn && trusted && trusted !== 'off' ? JSON.stringify({ open, ...controlboxSize, asks }) : undefined;
  if (wanted === written) {
    return;
  }
  written = wanted;
  try {
    wanted === undefined ? sessionStorage.removeItem(KEY) : sessionStorage.setItem(KEY, wanted);
  } catch {
    // Then the next load begins as the first.
  }
}

state.addEventListener('change', keep);
