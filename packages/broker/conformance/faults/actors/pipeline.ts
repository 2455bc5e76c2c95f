/** Consumes `orders`, transforms, and produces to `shipped` exactly once: output and position are one transaction. */
import { setTimeout as pause } from 'node:timers/promises';
import { offsetFetch } from '../../../src/apis/09-offset-fetch.ts';
import { initProducerId } from '../../../src/apis/22-init-producer-id.ts';
import { addPartitionsToTxn } from '../../../src/apis/24-add-partitions-to-txn.ts';
import { addOffsetsToTxn } from '../../../src/apis/25-add-offsets-to-txn.ts';
import { endTxn } from '../../../src/apis/26-end-txn.ts';
import { txnOffsetCommit } from '../../../src/apis/28-txn-offset-commit.ts';
import { ErrorCode } from '../../../src/wire/error-code.ts';
import type { RawClient } from '../../raw-client.ts';
import { batchOf } from '../../record-batches.ts';
import { fetchOne, produceBatch } from '../../requests.ts';
import type { Transaction } from '../ledger.ts';
import { type Actor, overLives, type Stage } from '../stage.ts';

export const pipelineGroup = 'pipeline';
const transactionalId = 'pipeline';
const partitions = [0, 1] as const;

/** What is shipped for an order: each attempt another value, so that one that was aborted and the one that was not are told apart. */
function shipmentOf(order: string, { id }: Transaction): string {
  return `${order}>${id}`;
}

export function orderOf(shipment: string): string {
  return shipment.slice(0, shipment.indexOf('>'));
}

export const pipeline: Actor = (stage) =>
  overLives(stage, async (client) => {
    const { random, ending } = stage;
    const worker = new Worker(client, stage);
    await worker.start();
    do {
      const isIdle = !(await worker.ship(random.pick(partitions)));
      if (isIdle) await pause(5);
    } while (!ending.aborted);
  });

class Worker {
  readonly #client: RawClient;
  readonly #stage: Stage;
  readonly #positions = new Map<number, bigint>();
  readonly #sequences = new Map<number, number>();
  #producer = { producerId: -1n, producerEpoch: -1 };

  constructor(client: RawClient, stage: Stage) {
    this.#client = client;
    this.#stage = stage;
  }

  /** Ends what the life before left open, and goes on from where that has got to. */
  async start(): Promise<void> {
    const request = { ...initProducerId.request.empty, transactionalId, transactionTimeoutMs: 60_000 };
    const { errorCode, producerId, producerEpoch } = await this.#client.call(initProducerId, 4, request);
    expectNone('InitProducerId', errorCode);
    this.#producer = { producerId, producerEpoch };
    const topics = [{ name: 'orders', partitions: [...partitions] }];
    const wanted = { ...offsetFetch.request.empty, groupId: pipelineGroup, topics, requireStable: true };
    const { topics: found } = await this.#client.call(offsetFetch, 7, wanted);
    for (const { index, offset, errorCode: fault } of found[0]?.partitions ?? []) {
      expectNone('OffsetFetch', fault);
      this.#positions.set(index, offset < 0n ? 0n : offset);
    }
  }

  /** Ships the next orders of the partition in one transaction; false when there are none. */
  async ship(partition: number): Promise<boolean> {
    const { ledger, random } = this.#stage;
    const position = this.#positions.get(partition) ?? 0n;
    const maxBytes = random.between(100, 5_000);
    const read = await fetchOne(this.#client, 'orders', { partition, offset: position, committed: true, maxBytes });
    const last = read.batches.at(-1);
    if (last === undefined) return false;
    const transaction = ledger.transaction('pipeline');
    // A fetch begins at the batch that holds the position, which commits only ever leave at a batch's end.
    const writes = read.values.map((order) =>
      ledger.write({ topic: 'shipped', partition }, shipmentOf(order, transaction), null, transaction),
    );
    const values = writes.map(({ value }) => value);
    const producer = { transactionalId, ...this.#producer };
    const topics = [{ name: 'shipped', partitions: [partition] }];
    const joined = await this.#client.call(addPartitionsToTxn, 3, { ...producer, topics });
    expectNone('AddPartitionsToTxn', joined.topics[0]?.partitions[0]?.errorCode);
    const sequence = this.#sequences.get(partition) ?? 0;
    const { producerId, producerEpoch: epoch } = this.#producer;
    const batch = batchOf({ values, producerId, epoch, sequence, transactional: true });
    const produced = await produceBatch(this.#client, 'shipped', batch, { partition, transactionalId });
    expectNone('Produce', produced.errorCode);
    this.#sequences.set(partition, sequence + values.length);
    ledger.acknowledge(writes, produced.baseOffset);
    const next = last.lastOffset + 1n;
    await this.#commitOffset(partition, next);
    transaction.offsets.push({ group: pipelineGroup, topic: 'orders', partition, offset: next });
    const committed = random.chance(80);
    if (committed) transaction.fate = 'unknown';
    expectNone('EndTxn', (await this.#client.call(endTxn, 3, { ...producer, committed })).errorCode);
    if (!committed) return true;
    transaction.fate = 'committed';
    this.#positions.set(partition, next);
    return true;
  }

  async #commitOffset(partition: number, offset: bigint): Promise<void> {
    const producer = { transactionalId, ...this.#producer };
    const added = await this.#client.call(addOffsetsToTxn, 3, { ...producer, groupId: pipelineGroup });
    expectNone('AddOffsetsToTxn', added.errorCode);
    const partitionOffsets = [{ index: partition, offset, leaderEpoch: -1, metadata: null }];
    const committed = await this.#client.call(txnOffsetCommit, 3, {
      ...txnOffsetCommit.request.empty,
      ...producer,
      groupId: pipelineGroup,
      generationId: -1,
      topics: [{ name: 'orders', partitions: partitionOffsets }],
    });
    expectNone('TxnOffsetCommit', committed.topics[0]?.partitions[0]?.errorCode);
  }
}

function expectNone(api: string, errorCode: number | undefined): void {
  if (errorCode !== ErrorCode.none) throw new Error(`the pipeline's ${api} was refused with ${errorCode}`);
}
