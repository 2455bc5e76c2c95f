export * from './embedded-error.ts';
export * from './embedded-postgres.ts';
