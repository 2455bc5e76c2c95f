export type { ChannelStore, Freshness } from './channel-store.ts';
export { type ConnectionState, engineConnection } from './connection.ts';
export {
  type Channel,
  type ChannelOf,
  useChannel,
  useConnectionState,
  useEntities,
  useEntity,
  useEntityValue,
  useFreshness,
} from './use-channel.ts';
