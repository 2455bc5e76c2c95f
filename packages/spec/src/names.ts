/** The Kafka resources of an app's elements. State follows the id, so these never change for a given id. */
export const groupName = (app: string): string => app;
export const changelogTopic = (app: string, table: string): string => `${app}-${table}-changelog`;
export const repartitionTopic = (app: string, agent: string, step: string): string =>
  `${app}-${agent}-${step}-repartition`;
export const lateTopic = (app: string, table: string): string => `${app}-${table}-late`;
export const defaultDeadLetterTopic = (app: string): string => `${app}-dead-letters`;
