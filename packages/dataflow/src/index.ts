export { type CheckedDocument, checkDocument } from './check-document.ts';
export { compileDataflow } from './compile.ts';
export * from './dataflow.ts';
export { type DataflowIndex, indexOf } from './dataflow-index.ts';
export * from './diff/plan.ts';
export { type Deploy, type ExistingTopic, planDeploy } from './diff/plan-deploy.ts';
export { rejoinReason, uncommittedTopics } from './diff/rejoin.ts';
export { splitTables } from './diff/split-tables.ts';
export * from './lookup.ts';
