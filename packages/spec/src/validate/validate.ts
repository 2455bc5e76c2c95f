import type { AppDocument } from '../document/document.ts';
import type { Problem } from '../problem.ts';

export function validateDocument(_document: AppDocument): Problem[] {
  return [];
}
