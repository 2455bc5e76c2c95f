import {
  assignCopartitioned,
  inStep,
  mergeGroups,
  type PartitionsByTopic,
  type TopicPartition,
  TransportError,
  topicPartitions,
} from '@millrace/streams';
import { BackOff, pause } from '../network/back-off.ts';
import type { BrokerLink } from '../network/broker-link.ts';
import type { Cluster } from '../network/cluster.ts';
import { Deferred } from '../network/deferred.ts';
import { asTransportError, KafkaRefusal, kafkaCode, refusal } from '../network/kafka-failure.ts';
import {
  assignorName,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  type Subscription,
} from './group-protocol.ts';
import { type MembershipEvent, type MembershipState, nextState } from './membership-state.ts';

export interface MembershipOptions {
  readonly groupId: string;
  readonly copartitioned: readonly (readonly string[])[];
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
}

export interface Member {
  readonly groupId: string;
  readonly memberId: string;
  readonly generation: number;
}

/** Whom the membership serves: it is awaited, heartbeats go on meanwhile. */
export interface MembershipOwner {
  /** Before each join. */
  joining(): Promise<void>;
  assigned(member: Member, partitions: readonly TopicPartition[], revoking: AbortSignal): Promise<void>;
  revoked(lost: boolean): Promise<void>;
  failed(error: TransportError): void;
  recovered(): void;
}

/** Why what was assigned is handed back. */
type Verdict = 'rebalance' | 'lost' | 'stop';

interface JoinResponse {
  readonly errorCode: number;
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

interface SyncResponse {
  readonly errorCode: number;
  readonly memberAssignment: Buffer;
}

/** A member of a consumer group by the classic protocol: joins, beats, hands over, and joins again, until it is stopped. */
export class GroupMembership {
  readonly #cluster: Cluster;
  readonly #beats: Cluster;
  readonly #options: MembershipOptions;
  readonly #owner: MembershipOwner;
  readonly #stopping = new AbortController();
  readonly #backOff = new BackOff();
  #state: MembershipState = 'unjoined';
  #memberId = '';
  #generation = -1;
  #held: PartitionsByTopic = {};
  #coordinator: BrokerLink | null = null;
  /** Says why the present assignment ends; null while there is none. */
  #tell: ((verdict: Verdict) => void) | null = null;

  /** `beats`: over whose connections the heartbeats go; it may serve other members as well. */
  constructor(cluster: Cluster, beats: Cluster, options: MembershipOptions, owner: MembershipOwner) {
    this.#cluster = cluster;
    this.#beats = beats;
    this.#options = options;
    this.#owner = owner;
  }

  /** Null while no partitions are held. */
  get member(): Member | null {
    if (this.#tell === null) return null;
    return { groupId: this.#options.groupId, memberId: this.#memberId, generation: this.#generation };
  }

  /** Runs until `stop`, or until joining fails for good: then it rejects. */
  async run(): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted) {
        try {
          this.#move('join');
          const partitions = await this.#join();
          if (partitions === null) continue;
          this.#backOff.reset();
          this.#owner.recovered();
          await this.#hold(partitions);
        } catch (error) {
          this.#move('failure');
          if (this.#stopping.signal.aborted) break;
          await this.#survive(asTransportError(error, `group ${this.#options.groupId}`));
        }
      }
    } finally {
      await this.#leave();
      this.#move('stop');
    }
  }

  /** Hands back, leaves and ends `run`. */
  stop(): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    this.#tell?.('stop');
    if (this.#state !== 'joining') return;
    // A join may be parked at the coordinator until the other members come: nothing else ends it.
    const reason = new TransportError('closed', 'the consumer is stopping', { retriable: false });
    void this.#coordinator?.drop(reason);
  }

  /** What was divided is no longer so: hands back and joins again. */
  rejoin(): void {
    this.#tell?.('rebalance');
  }

  /** A commit was refused because the group has moved on. */
  refused(code: number): void {
    this.#tell?.(code === kafkaCode.rebalanceInProgress ? 'rebalance' : 'lost');
    if (code !== kafkaCode.rebalanceInProgress) this.#memberId = '';
  }

  #move(event: MembershipEvent): void {
    this.#state = nextState(this.#state, event);
  }

  /** Joins and gets an assignment; null to be tried again at once. */
  async #join(): Promise<TopicPartition[] | null> {
    const { groupId, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options;
    await this.#owner.joining();
    this.#coordinator ??= await this.#cluster.coordinator(groupId);
    const data = { copartitioned: this.#options.copartitioned, held: this.#held, generation: this.#generation };
    const joined = await this.#coordinator.send<JoinResponse>('JoinGroup', {
      groupId,
      memberId: this.#memberId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      protocolType: 'consumer',
      groupProtocols: [{ name: assignorName, metadata: encodeSubscription(data) }],
    });
    if (this.#mustJoinAgain(joined.errorCode, joined.memberId)) return null;
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    const groupAssignment = joined.leaderId === joined.memberId ? await this.#divide(joined) : [];
    const synced = await this.#coordinator.send<SyncResponse>('SyncGroup', {
      groupId,
      generationId: this.#generation,
      memberId: this.#memberId,
      groupAssignment,
    });
    if (this.#mustJoinAgain(synced.errorCode, this.#memberId)) return null;
    this.#held = decodeAssignment(synced.memberAssignment);
    return topicPartitions(this.#held);
  }

  #mustJoinAgain(errorCode: number, memberId: string): boolean {
    switch (errorCode) {
      case kafkaCode.none:
        return false;
      case kafkaCode.memberIdRequired: // KIP-394
        this.#memberId = memberId;
        return true;
      case kafkaCode.unknownMember:
      case kafkaCode.illegalGeneration:
        this.#memberId = '';
        return true;
      case kafkaCode.rebalanceInProgress:
        return true;
      default:
        throw refusal(errorCode, `group ${this.#options.groupId}`);
    }
  }

  /** The leader's part: who gets what. */
  async #divide(joined: JoinResponse): Promise<{ memberId: string; memberAssignment: Buffer }[]> {
    const members: Subscription[] = joined.members.map(({ memberId, memberMetadata }) =>
      decodeSubscription(memberId, memberMetadata),
    );
    const groups = mergeGroups(
      this.#options.copartitioned,
      members.map(({ copartitioned }) => copartitioned),
    );
    const { topicMetadata } = await this.#cluster.metadata(groups.flat());
    const counts = new Map(topicMetadata.map(({ topic, partitionMetadata }) => [topic, partitionMetadata.length]));
    const missing = this.#options.copartitioned.flat().find((topic) => !counts.get(topic));
    if (missing !== undefined) throw refusal(kafkaCode.unknownTopicOrPartition, `topic ${missing}`);
    const assignment = assignCopartitioned(members, groups, counts);
    return [...assignment].map(([memberId, own]) => ({ memberId, memberAssignment: encodeAssignment(own) }));
  }

  async #hold(partitions: readonly TopicPartition[]): Promise<void> {
    this.#move('assignment');
    const verdict = new Deferred<Verdict>();
    const revoking = new AbortController();
    const tell = (reason: Verdict): void => {
      verdict.resolve(reason);
      revoking.abort();
    };
    this.#tell = tell;
    if (this.#stopping.signal.aborted) tell('stop');
    const over = new AbortController();
    const beating = this.#beat(tell, over.signal);
    try {
      const member = { groupId: this.#options.groupId, memberId: this.#memberId, generation: this.#generation };
      await this.#owner.assigned(member, partitions, revoking.signal);
      this.#move('assigned');
      const reason = await verdict.promise;
      this.#move('revoke');
      await this.#owner.revoked(reason === 'lost');
      this.#move('revoked');
    } finally {
      this.#tell = null;
      over.abort();
      await beating;
    }
  }

  /** Heartbeats on their own timer, also while the owner restores or hands over. Never rejects. */
  async #beat(tell: (verdict: Verdict) => void, over: AbortSignal): Promise<void> {
    const { groupId, heartbeatIntervalMs } = this.#options;
    const ask = { groupId, groupGenerationId: this.#generation, memberId: this.#memberId };
    let coordinator: BrokerLink | null = null;
    for (;;) {
      await pause(inStep(heartbeatIntervalMs, performance.now()), over);
      if (over.aborted) return;
      try {
        coordinator ??= await this.#beats.coordinator(groupId);
        const { errorCode } = await coordinator.send<{ readonly errorCode: number }>(
          'Heartbeat',
          ask,
          undefined,
          'beats',
        );
        if (over.aborted) return;
        if (errorCode === kafkaCode.rebalanceInProgress) tell('rebalance');
        else if (isLost(errorCode)) {
          this.#memberId = '';
          tell('lost');
          return;
        } else if (errorCode !== kafkaCode.none) throw refusal(errorCode, `group ${groupId}`);
        this.#owner.recovered();
      } catch (error) {
        if (over.aborted) return;
        coordinator = null;
        this.#coordinator = null;
        this.#owner.failed(asTransportError(error, `group ${groupId}`));
      }
    }
  }

  /** Waits before the next try, or gives up for good by throwing. */
  async #survive(failure: TransportError): Promise<void> {
    this.#coordinator = null;
    if (failure instanceof KafkaRefusal && isLost(failure.kafkaCode)) this.#memberId = '';
    else if (!failure.retriable) throw failure;
    this.#owner.failed(failure);
    await this.#backOff.wait(this.#stopping.signal);
  }

  async #leave(): Promise<void> {
    if (this.#memberId === '') return;
    const { groupId } = this.#options;
    const ask = { groupId, memberId: this.#memberId, members: [{ memberId: this.#memberId }] };
    try {
      this.#coordinator ??= await this.#cluster.coordinator(groupId);
      await this.#coordinator.send('LeaveGroup', ask);
    } catch (error) {
      // The session's end tells the group as well, only later.
      this.#owner.failed(asTransportError(error, `group ${groupId}`));
    }
  }
}

const isLost = (code: number): boolean =>
  code === kafkaCode.unknownMember || code === kafkaCode.illegalGeneration || code === kafkaCode.fencedInstance;
