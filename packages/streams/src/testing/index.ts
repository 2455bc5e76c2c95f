export { MemoryBroker } from '../transport/memory/memory-broker.ts';
export { MemoryTransport } from '../transport/memory/memory-transport.ts';
export { countDocument } from './count-document.ts';
export { ManualClock } from './manual-clock.ts';
export { runtimeSuite } from './runtime-suite.ts';
export { systemClock } from './system-clock.ts';
export { TestDriver, type TestDriverOptions, TestTable, testDriver } from './test-driver.ts';
export { type PipeOptions, type TestRecord, TestTopic } from './test-topic.ts';
export { transportSuite } from './transport-suite.ts';
