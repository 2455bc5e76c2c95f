/** Everyone who makes load, all at once. */
import { bookmarker } from './actors/bookmarker.ts';
import { groupMembers } from './actors/group-members.ts';
import { idempotentProducer } from './actors/idempotent-producer.ts';
import { keyWriter } from './actors/key-writer.ts';
import { onlooker } from './actors/onlooker.ts';
import { pipeline } from './actors/pipeline.ts';
import { plainProducer } from './actors/plain-producer.ts';
import { topicChurner } from './actors/topic-churner.ts';
import { transactor } from './actors/transactor.ts';
import { trimmer } from './actors/trimmer.ts';
import type { Actor } from './stage.ts';

export const cast: readonly Actor[] = [
  plainProducer,
  idempotentProducer({ topic: 'mixed', partition: 1 }),
  idempotentProducer({ topic: 'orders', partition: 0 }),
  idempotentProducer({ topic: 'orders', partition: 1 }),
  idempotentProducer({ topic: 'latest', partition: 1 }, true),
  keyWriter('a'),
  keyWriter('b'),
  transactor('one'),
  transactor('two'),
  pipeline,
  groupMembers,
  onlooker,
  bookmarker,
  trimmer,
  topicChurner,
];
