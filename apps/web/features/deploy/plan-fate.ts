import type { Plan, PlanElement } from '@millrace/dataflow';

/** What becomes of an element as it is deployed, in a few words. */
export function fate(element: PlanElement, how: Plan['how']): string {
  switch (element.change) {
    case 'created':
      return how === 'start' ? 'starts' : 'starts new';
    case 'dropped':
      return 'ends';
    case 'kept':
      if (element.state.fate === 'starts-empty') return 'counted again';
      return element.kind === 'topic' ? 'read on' : 'as it is';
    case 'changed':
      return element.state.fate === 'starts-empty'
        ? 'starts empty'
        : how === 'swap'
          ? 'swapped in place'
          : 'after the rejoin';
  }
}
