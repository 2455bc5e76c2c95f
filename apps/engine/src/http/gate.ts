import type { IncomingMessage } from 'node:http';
import { instanceHeader, siteRefusal } from '@millrace/protocol';
import { ApiFailure } from './api-failure.ts';

/** Who may ask this engine, by HTTP or by upgrading to a socket. */
export class Gate {
  /** The Millrace it belongs to; null when nobody said. */
  readonly instance: string | null;
  readonly #allowedHosts: readonly string[];

  constructor(instance: string | null, allowedHosts: readonly string[]) {
    this.instance = instance;
    this.#allowedHosts = allowedHosts;
  }

  /**
   * Null for a program on this machine and for pages of our dashboard, which hands requests on with the host it was asked as. A dashboard of another
   * Millrace, whose engine had this port before, is refused: it would mix two.
   */
  refusal({ headers }: IncomingMessage): ApiFailure | null {
    const { host, origin } = headers;
    const forwardedHost = single(headers['x-forwarded-host']);
    const refusal = siteRefusal({ host, origin, forwardedHost }, this.#allowedHosts, 'engine');
    if (refusal !== null)
      return new ApiFailure(
        403,
        refusal.code,
        refusal.message,
        refusal.hint === undefined ? {} : { hint: refusal.hint },
      );
    const asked = single(headers[instanceHeader]);
    if (asked === undefined || this.instance === null || asked === this.instance) return null;
    return new ApiFailure(421, 'another-instance', 'This engine belongs to another Millrace. Nothing was done', {
      hint: 'Two of them run on this machine, and one has taken a port of the other: start yours again.',
    });
  }
}

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
