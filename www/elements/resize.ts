/** Boxes are as large as one likes, by pointer or by arrow keys. */
import { html, nothing, type TemplateResult } from 'lit';

import { __ } from '../words.ts';
import { setting, viewMode } from './actions.ts';
import { isNarrow } from './modes.ts';

/** A size in CSS pixels; what is not there is as the style sheet has it. */
interface Size {
  width?: number | undefined;
  height?: number | undefined;
}

const LEAST = { width: 240, height: 220 };
/** What an arrow key does. */
const STEP = 20;
/** What is left of the page beside a box. */
const MARGIN = 24;

/** Whether boxes have anything to be seized by. */
export function isResizable(): boolean {
  return viewMode() === 'overlayed' && setting('allow_dragresize') && !isNarrow();
}

/** Gives an element a size. It counts where `www/theme/layout.css` looks for it. */
export function applySize(element: HTMLElement, { width, height }: Size): void {
  for (const [name, value] of [['width', width], ['height', height]] as const) {
    const property = `--converse-this-${name}`;
    typeof value === 'number' ? element.style.setProperty(property, `${value}px`) : element.style.removeProperty(property);
  }
}

/** What one seizes to make `element` larger or smaller. `keep` is told when that is done. */
export function handles(element: HTMLElement, keep: (size: Size) => void): TemplateResult {
  if (!isResizable()) {
    return html`${nothing}`;
  }
  const seize = (event: PointerEvent, wide: boolean, high: boolean): void => {
    const handle = event.currentTarget as HTMLElement;
    const { clientX, clientY } = event;
    const { width, height } = element.getBoundingClientRect();
    // The box stands at the end of the line: it grows towards the start.
    const along = getComputedStyle(element).direction === 'rtl' ? -1 : 1;
    let size: Size = {};
    const move = (moved: PointerEvent): void => {
      size = {
        ...(wide && { width: within('width', width + along * (clientX - moved.clientX)) }),
        ...(high && { height: within('height', height + clientY - moved.clientY) }),
      };
      applySize(element, { ...sizeOf(element), ...size });
    };
    const end = (): void => {
      handle.removeEventListener('pointermove', move);
      keep(size);
    };
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', end, { once: true });
  };
  const press = (event: KeyboardEvent, side: 'width' | 'height'): void => {
    const along = getComputedStyle(element).direction === 'rtl' ? -STEP : STEP;
    const steps: Record<string, number> = side === 'width' ? { ArrowLeft: along, ArrowRight: -along } : { ArrowUp: STEP, ArrowDown: -STEP };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const size = { [side]: within(side, element.getBoundingClientRect()[side] + step) };
      applySize(element, { ...sizeOf(element), ...size });
      keep(size);
    }
  };
  const separator = (side: 'width' | 'height', label: string): TemplateResult => {
    const now = Math.round(element.getBoundingClientRect()[side]);
    return html`<div class=${`dragresize dragresize-${side}`} role="separator" tabindex="0" aria-label=${label}
      aria-orientation=${side === 'width' ? 'vertical' : 'horizontal'} aria-valuemin=${LEAST[side]} aria-valuemax=${most(side)} aria-valuenow=${now}
      @pointerdown=${(event: PointerEvent) => seize(event, side === 'width', side === 'height')}
      @keydown=${(event: KeyboardEvent) => press(event, side)}></div>`;
  };
  return html`
    ${separator('height', __('Height of this box'))} ${separator('width', __('Width of this box'))}
    <div class="dragresize dragresize-both" @pointerdown=${(event: PointerEvent) => seize(event, true, true)}></div>
  `;
}

function sizeOf({ style }: HTMLElement): Size {
  const number = (name: string): number | undefined => Number.parseFloat(style.getPropertyValue(`--converse-this-${name}`)) || undefined;
  return { width: number('width'), height: number('height') };
}

function within(side: 'width' | 'height', wanted: number): number {
  return Math.round(Math.min(Math.max(wanted, LEAST[side]), most(side)));
}

function most(side: 'width' | 'height'): number {
  return Math.max(LEAST[side], (side === 'width' ? window.innerWidth : window.innerHeight) - MARGIN);
}
