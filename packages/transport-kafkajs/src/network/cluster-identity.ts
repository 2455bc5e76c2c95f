import { TransportError } from '@millrace/streams';

/** How to name the cluster that belongs here; the first one that answers does, where nobody said. */
export interface ExpectedCluster {
  /** By Kafka's `cluster.id`. */
  readonly id: string;
  /** Where it answered; null when it was named by a setting. */
  readonly address: string | null;
}

/**
 * Which Kafka cluster the connections of one process belong to. On a machine with several, another one may come to listen where ours did: what is
 * read there are other records, and what is written there destroys other people's tables.
 */
export class ClusterIdentity {
  #expected: ExpectedCluster | null;

  constructor(id: string | undefined) {
    this.#expected = id === undefined ? null : { id, address: null };
  }

  /**
   * Takes the first cluster for ours. Brokers that do not say (before Kafka 0.10.1) are believed.
   * @throws TransportError `foreign-cluster` for another one
   */
  check(id: string | null, address: string): void {
    if (id === null || id === '') return;
    this.#expected ??= { id, address };
    const { id: ours, address: ourAddress } = this.#expected;
    if (id === ours) return;
    const known = ourAddress === null || ourAddress === address ? ours : `${ours} (at ${ourAddress})`;
    throw new TransportError(
      'foreign-cluster',
      `${address} is another Kafka cluster, ${id}, than the one that belongs here, ${known}. Nothing was read or written there. Point KAFKA_BROKERS at the right one; if this one is meant, start Millrace again`,
      { retriable: false },
    );
  }
}
