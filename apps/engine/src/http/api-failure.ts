import type { Problem } from '@millrace/spec';

/** An answer that is not 2xx, as `api/error.ts` of the protocol has it. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[] | undefined;
  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly hint?: string; readonly problems?: readonly Problem[] } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = more.hint;
    this.problems = more.problems;
  }
}

export const notFound = (message: string, hint?: string): ApiFailure =>
  new ApiFailure(404, 'not-found', message, hint === undefined ? {} : { hint });
