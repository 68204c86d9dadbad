/**
 * Dragging by pointer events, for mouse, pen and finger: a mouse drags when it has moved a little, a finger when it
 * has rested a moment (before that it scrolls). Escape lets go; the click that ends a drag is no click.
 */

export interface Hand {
  /** What lies under the pointer, taken up there; false when it cannot be dragged. */
  readonly take: (target: Element, x: number, y: number) => boolean;
  readonly move: (x: number, y: number) => void;
  readonly drop: () => void;
  readonly cancel: () => void;
}

const FAR_PX = 5;
const REST_MS = 300;
const SLACK_PX = 10;

interface Press {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly target: Element;
  readonly touch: boolean;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** An attachment that lets what lies in an element be dragged. */
export function draggable(hand: Hand): (element: HTMLElement) => () => void {
  return (element) => {
    let press: Press | undefined;
    let held = false;

    function begin(x: number, y: number): void {
      if (!press) return;
      held = hand.take(press.target, press.x, press.y);
      if (!held) return end();
      if (element.isConnected) element.setPointerCapture(press.id);
      hand.move(x, y);
    }

    function end(): void {
      if (press?.timer) clearTimeout(press.timer);
      press = undefined;
      held = false;
    }

    function down(event: PointerEvent): void {
      if (!event.isPrimary || event.button !== 0 || press) return;
      const touch = event.pointerType === 'touch';
      const { pointerId: id, clientX: x, clientY: y } = event;
      press = { id, x, y, touch, target: event.target as Element, timer: touch ? setTimeout(() => begin(x, y), REST_MS) : undefined };
    }

    function move(event: PointerEvent): void {
      if (press?.id !== event.pointerId) return;
      if (held) return hand.move(event.clientX, event.clientY);
      const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
      if (press.touch && far > SLACK_PX) end();
      else if (!press.touch && far > FAR_PX) begin(event.clientX, event.clientY);
    }

    function up(event: PointerEvent): void {
      if (press?.id !== event.pointerId) return;
      const dropped = held;
      end();
      if (!dropped) return;
      element.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => element.removeEventListener('click', swallow, { capture: true }));
      hand.drop();
    }

    function lost(event: PointerEvent): void {
      if (press?.id !== event.pointerId) return;
      const had = held;
      end();
      if (had) hand.cancel();
    }

    function escape(event: KeyboardEvent): void {
      if (event.key !== 'Escape' || !held) return;
      end();
      hand.cancel();
    }

    const swallow = (event: Event): void => event.stopPropagation();
    const still = (event: Event): void => {
      if (held) event.preventDefault();
    };
    const listeners: readonly [EventTarget, string, (event: never) => void, AddEventListenerOptions?][] = [
      [element, 'pointerdown', down],
      [element, 'pointermove', move],
      [element, 'pointerup', up],
      [element, 'pointercancel', lost],
      [element, 'touchmove', still, { passive: false }],
      [element, 'contextmenu', still],
      [window, 'keydown', escape],
    ];
    for (const [on, name, take, options] of listeners) on.addEventListener(name, take as (event: Event) => void, options);
    return () => {
      end();
      for (const [on, name, take] of listeners) on.removeEventListener(name, take as (event: Event) => void);
    };
  };
}
