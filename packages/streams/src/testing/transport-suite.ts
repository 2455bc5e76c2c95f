import { describe } from 'vitest';
import type { Transport } from '../transport/transport.ts';
import { adminLaws } from './transport-suite/admin-laws.ts';
import { consumerLaws } from './transport-suite/consumer-laws.ts';
import { groupLaws } from './transport-suite/group-laws.ts';
import { producerLaws } from './transport-suite/producer-laws.ts';
import { readerLaws } from './transport-suite/reader-laws.ts';
import { topicLaws } from './transport-suite/topic-laws.ts';
import { transactionLaws } from './transport-suite/transaction-laws.ts';
import { type BeginTransaction, transportRig } from './transport-suite/transport-rig.ts';

/**
 * The behaviour that every driver must have. `connect` is called inside tests, for a new client of one cluster each time; what it returns is
 * closed after the test; `begin` begins a transaction as another program. Topics and groups get names of their own, so that the cluster may be a shared one.
 */
export const transportSuite = (
  name: string,
  connect: () => Transport | Promise<Transport>,
  begin: BeginTransaction,
): void => {
  describe(`transport: ${name}`, () => {
    const rig = transportRig(connect, begin);
    const all = [adminLaws, producerLaws, consumerLaws, groupLaws, readerLaws, transactionLaws, topicLaws];
    for (const laws of all) laws(rig);
  });
};
