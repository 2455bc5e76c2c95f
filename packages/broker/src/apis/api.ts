import type { Broker } from '../broker.ts';
import type { Codec, Type } from '../wire/schema.ts';

/** What a handler knows besides the request itself. */
export interface RequestContext {
  readonly broker: Broker;
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** Aborted when the connection closes or the broker stops: whoever is parked gives up waiting. */
  readonly signal: AbortSignal;
}

/** One API of the protocol, over the versions `first` to `last`. */
export interface ApiDefinition<Req, Res> {
  readonly key: number;
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** The first flexible version (KIP-482), whether or not it is served. */
  readonly flexibleFrom: number;
  readonly request: Type<Req>;
  readonly response: Type<Res>;
  /** Null when the request wants no answer. KafkaErrors are put into the answer here; anything else that is thrown ends the connection. */
  handle(request: Req, context: RequestContext): Res | null | Promise<Res | null>;
}

/** An API as the dispatcher uses it, its message types hidden. */
export interface Api {
  readonly key: number;
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly flexibleFrom: number;
  codecs(version: number): ApiCodecs;
  handle(request: unknown, context: RequestContext): unknown;
}

export interface ApiCodecs {
  readonly flexible: boolean;
  readonly request: Codec<unknown>;
  readonly response: Codec<unknown>;
}

/** An API whose message types are known: what its clients in tests work with. */
export interface TypedApi<Req, Res> extends Api {
  readonly request: Type<Req>;
  readonly response: Type<Res>;
}

/** Makes an API of its definition; codecs are made once a version, when it is first asked for. */
export function defineApi<Req, Res>(definition: ApiDefinition<Req, Res>): TypedApi<Req, Res> {
  const { key, name, first, last, flexibleFrom } = definition;
  const made = new Map<number, ApiCodecs>();
  return {
    key,
    name,
    first,
    last,
    flexibleFrom,
    request: definition.request,
    response: definition.response,
    codecs(version) {
      const known = made.get(version);
      if (known !== undefined) return known;
      const flexible = version >= flexibleFrom;
      const at = { number: version, flexible };
      // The dispatcher hands to `handle` and `response` only what `request` and `handle` of this same API made.
      const request = definition.request.at(at) as Codec<unknown>;
      const response = definition.response.at(at) as Codec<unknown>; // see above
      const codecs = { flexible, request, response };
      made.set(version, codecs);
      return codecs;
    },
    handle: (request, context) => definition.handle(request as Req, context), // see above
  };
}
