export { AppRuntime, type AppRuntimeOptions, NeverRan } from './app/app-runtime.ts';
export * from './app/status.ts';
export { SwapRefused } from './app/swap.ts';
export { keptMsOf } from './app/topic-retention.ts';
export * from './clock.ts';
export { unpack as unpackInner } from './codecs/as-it-came.ts';
export { type Codec, compileCodec, compileTopicCodec, type Decoded } from './codecs/codec.ts';
export { type EventTimeReader, eventTimeReader } from './codecs/event-time.ts';
export {
  type AssignedMember,
  assignCopartitioned,
  type PartitionsByTopic,
  topicPartitions,
} from './consumer/copartition-assignor.ts';
export { mergeGroups } from './consumer/topic-groups.ts';
export { inStep } from './in-step.ts';
export { type BadEnd, Suspects, type Suspicion, type Verdict } from './poison/suspects.ts';
export type { PlaceListener } from './poison/work-cursor.ts';
export { placeInWords, type WorkPlace } from './poison/work-place.ts';
export type { Notice } from './sensors/notice.ts';
export type { Sensor } from './sensors/sensor.ts';
export { isMarker } from './tables/changelog-marker.ts';
export * from './tables/table-partition.ts';
export { isTimeMark } from './time/time-mark.ts';
export { compileTopology } from './topology/compile.ts';
export * from './topology/event-batch.ts';
export { type Arrival, RecordTrace } from './topology/record-trace.ts';
export * from './topology/topology.ts';
export * from './transport/admin.ts';
export * from './transport/group-consumer.ts';
export * from './transport/partition-reader.ts';
export { murmur2, partitionOfKey } from './transport/partitioner.ts';
export * from './transport/record.ts';
export * from './transport/record-headers.ts';
export * from './transport/record-producer.ts';
export * from './transport/transport.ts';
export * from './transport/transport-error.ts';
export { windowsOf } from './windows/windows-of.ts';
