import { describe } from 'vitest';
import type { Transport } from '../transport/transport.ts';
import { adminLaws } from './transport-suite/admin-laws.ts';
import { consumerLaws } from './transport-suite/consumer-laws.ts';
import { groupLaws } from './transport-suite/group-laws.ts';
import { producerLaws } from './transport-suite/producer-laws.ts';
import { readerLaws } from './transport-suite/reader-laws.ts';
import { transportRig } from './transport-suite/transport-rig.ts';

/**
 * The behaviour that every driver must have. `connect` is called inside tests, for a new client of one cluster each time; what it returns is
 * closed after the test. Topics and groups get names of their own, so that the cluster may be a shared one.
 */
export const transportSuite = (name: string, connect: () => Transport | Promise<Transport>): void => {
  describe(`transport: ${name}`, () => {
    const rig = transportRig(connect);
    for (const laws of [adminLaws, producerLaws, consumerLaws, groupLaws, readerLaws]) laws(rig);
  });
};
