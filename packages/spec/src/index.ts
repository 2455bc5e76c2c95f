export * from './document/document.ts';
export * from './document/type.ts';
export * from './names.ts';
export * from './plan/plan.ts';
export * from './problem.ts';
