export { compileDataflow } from './compile.ts';
export * from './dataflow.ts';
export { rejoinReason, uncommittedTopics } from './diff/rejoin.ts';
export * from './lookup.ts';
