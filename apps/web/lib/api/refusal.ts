import type { ApiError } from '@millrace/protocol';
import type { Problem } from '@millrace/spec';

type Details = Omit<ApiError['error'], 'code' | 'message'>;

/** An answer that is not 2xx: thrown anywhere below a route, turned into its JSON by `route`. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Details & Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, details: Details & Record<string, unknown> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.details = details;
  }

  toResponse(): Response {
    const headers = { 'cache-control': 'no-store', ...(this.status === 503 ? { 'retry-after': '2' } : {}) };
    return Response.json(
      { error: { code: this.code, message: this.message, ...this.details } },
      { status: this.status, headers },
    );
  }
}

export const notFound = (what: string): Refusal => new Refusal(404, 'not-found', `There is no ${what}`);

/** 400 with every problem of a document. */
export function invalid(problems: readonly Problem[]): Refusal {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const message = errors === 1 ? 'The document has a problem' : `The document has ${errors} problems`;
  return new Refusal(400, 'invalid-document', message, { problems: [...problems] });
}
