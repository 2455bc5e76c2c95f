'use client';
import type {
  ChannelRequest,
  GeneratorEntity,
  GraphEntity,
  TableChannelEntity,
  TailChannelEntity,
  WorkspaceEntity,
} from '@millrace/protocol';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { ChannelStore, Freshness } from './channel-store.ts';
import { type ConnectionState, engineConnection } from './connection.ts';

interface EntitiesOf {
  workspace: WorkspaceEntity;
  graph: GraphEntity;
  table: TableChannelEntity;
  tail: TailChannelEntity;
  generators: GeneratorEntity;
}

/** What a subscription holds; null before the page is in the browser, or without a request. */
export type Channel<E extends { id: string; type: string }> = ChannelStore<E> | null;
export type ChannelOf<R extends ChannelRequest> = Channel<EntitiesOf[R['channel']]>;

/** Subscribes for as long as the component is mounted. The same request from several components is one subscription. Null subscribes to nothing. */
export function useChannel<R extends ChannelRequest>(request: R | null): ChannelOf<R> {
  const key = request === null ? null : JSON.stringify(request);
  const [store, setStore] = useState<ChannelOf<R>>(null);
  useEffect(() => {
    if (key === null) return setStore(null);
    const opened = engineConnection().open(JSON.parse(key) as R); // key is the request's own text
    setStore(opened.store as unknown as ChannelOf<R>); // the store of a request holds that channel's entities
    return opened.release;
  }, [key]);
  return store;
}

const nothing = () => () => undefined;
const noFreshness: Freshness = { kind: 'waiting' };
const none: readonly never[] = [];

/** One entity by id; drawn again only when that one changes. */
export function useEntity<E extends { id: string; type: string }, T extends E['type']>(
  channel: Channel<E>,
  type: T,
  id: string,
): Extract<E, { type: T }> | undefined {
  const subscribe = useCallback(
    (listener: () => void) => (channel ? channel.onEntity(id, listener) : nothing()),
    [channel, id],
  );
  const entity = useSyncExternalStore(
    subscribe,
    () => channel?.get(id),
    () => undefined,
  );
  return entity?.type === type ? (entity as Extract<E, { type: T }>) : undefined; // its discriminant was just compared
}

/** All entities of a type, in the channel's order. */
export function useEntities<E extends { id: string; type: string }, T extends E['type']>(
  channel: Channel<E>,
  type: T,
): readonly Extract<E, { type: T }>[] {
  const subscribe = useCallback(
    (listener: () => void) => (channel ? channel.onType(type, listener) : nothing()),
    [channel, type],
  );
  return useSyncExternalStore(
    subscribe,
    () => (channel?.list(type) ?? none) as readonly Extract<E, { type: T }>[],
    () => none,
  ); // `list` selects by that type
}

/** A value derived from one entity; drawn again only when the value changes. Select primitives. */
export function useEntityValue<
  E extends { id: string; type: string },
  T extends E['type'],
  V extends string | number | boolean | null | undefined,
>(channel: Channel<E>, type: T, id: string, select: (entity: Extract<E, { type: T }>) => V): V | undefined {
  const subscribe = useCallback(
    (listener: () => void) => (channel ? channel.onEntity(id, listener) : nothing()),
    [channel, id],
  );
  const read = () => {
    const entity = channel?.get(id);
    return entity?.type === type ? select(entity as Extract<E, { type: T }>) : undefined; // its discriminant was just compared
  };
  return useSyncExternalStore(subscribe, read, () => undefined);
}

export function useFreshness(channel: Channel<never> | ChannelStore | null): Freshness {
  const store = channel as ChannelStore | null; // freshness is the same whatever the entities
  const subscribe = useCallback((listener: () => void) => (store ? store.onFreshness(listener) : nothing()), [store]);
  return useSyncExternalStore(
    subscribe,
    () => store?.freshness ?? noFreshness,
    () => noFreshness,
  );
}

const before: ConnectionState = { kind: 'connecting', sinceMs: 0 };
export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(
    (listener) => engineConnection().onState(listener),
    () => engineConnection().state,
    () => before,
  );
}
