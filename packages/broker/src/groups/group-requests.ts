/** What members ask of their group, and what it answers. */
import { ErrorCode } from '../wire/error-code.ts';
import type { Protocol } from './member.ts';

export interface JoinRequest {
  /** Empty when the member has no id yet. */
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly Protocol[];
  /** Since KIP-394 a dynamic member without an id is told one and joins again with it. */
  readonly requiresMemberId: boolean;
  /** Whether a static leader that comes back may be told to keep the assignment it made (JoinGroup v9). */
  readonly canSkipAssignment: boolean;
}

export interface JoinAnswer {
  readonly error: ErrorCode;
  readonly memberId: string;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string;
  readonly skipAssignment: boolean;
  /** Only the leader is told. */
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly metadata: Buffer;
  }[];
}

export interface SyncRequest {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  /** By member id; empty but from the leader. */
  readonly assignments: ReadonlyMap<string, Buffer>;
}

export interface SyncAnswer {
  readonly error: ErrorCode;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Buffer;
}

/** The answer to a sync that gets nothing. */
export const noAssignment: SyncAnswer = {
  error: ErrorCode.none,
  protocolType: null,
  protocolName: null,
  assignment: Buffer.alloc(0),
};

/** A join that is not a place in a generation. */
export function joinRefused(error: ErrorCode, memberId: string): JoinAnswer {
  return {
    error,
    memberId,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leaderId: '',
    skipAssignment: false,
    members: [],
  };
}
