import type { Window } from '../document/document.ts';
import { hopping } from './hopping.ts';
import { tumbling } from './tumbling.ts';
import type { WindowKind } from './window-kind.ts';

/** By the word that names the kind in the document. */
export const windowKinds: { readonly [K in Window['kind']]: WindowKind<Extract<Window, { kind: K }>> } = {
  tumbling,
  hopping,
};

export const kindOfWindow = (window: Window): WindowKind<Window> => windowKinds[window.kind] as WindowKind<Window>; // the table pairs each kind with its own windows
