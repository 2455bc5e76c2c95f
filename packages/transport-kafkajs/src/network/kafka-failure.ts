import { TransportError, type TransportErrorCode } from '@millrace/streams';
import { kafkaErrors } from './kafkajs-internals.ts';

/** Kafka's error codes that this driver acts upon. */
export const kafkaCode = {
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  messageTooLarge: 10,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  invalidTopic: 17,
  recordListTooLarge: 18,
  illegalGeneration: 22,
  inconsistentGroupProtocol: 23,
  unknownMember: 25,
  rebalanceInProgress: 27,
  topicAlreadyExists: 36,
  invalidConfig: 40,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  unknownProducerId: 59,
  memberIdRequired: 79,
  fencedInstance: 82,
  unknownTopicId: 100,
  inconsistentTopicId: 103,
} as const;

const codes = new Map<number, TransportErrorCode>([
  [1, 'invalid-request'],
  [2, 'corrupt'],
  [3, 'unknown-topic'],
  [5, 'unreachable'],
  [6, 'unreachable'],
  [7, 'timeout'],
  [10, 'record-too-large'],
  [14, 'unreachable'],
  [15, 'unreachable'],
  [16, 'unreachable'],
  [17, 'invalid-request'],
  [18, 'record-too-large'],
  [22, 'fenced'],
  [23, 'invalid-request'],
  [24, 'invalid-request'],
  [25, 'fenced'],
  [26, 'invalid-request'],
  [27, 'fenced'],
  [29, 'not-authorized'],
  [30, 'not-authorized'],
  [31, 'not-authorized'],
  [37, 'invalid-request'],
  [38, 'invalid-request'],
  [40, 'invalid-request'],
  [42, 'invalid-request'],
  [47, 'fenced'],
  [58, 'not-authorized'],
  [82, 'fenced'],
]);

/** A broker's answer with an error code. */
export class KafkaRefusal extends TransportError {
  readonly kafkaCode: number;
  constructor(kafkaCode: number, code: TransportErrorCode, message: string, retriable: boolean) {
    super(code, message, { retriable });
    this.kafkaCode = kafkaCode;
  }
}

/** `about` says what was asked: `topic logins`. `detail`: the broker's own words, where it has some. */
export function refusal(code: number, about: string, detail?: string | null): KafkaRefusal {
  const known = kafkaErrors.get(code);
  const kind = codes.get(code) ?? 'protocol';
  const text = detail || known?.message || `error code ${code}`;
  const retriable = kind !== 'fenced' && (known?.retriable ?? false);
  return new KafkaRefusal(code, kind, `${about}: ${text} (${known?.type ?? code})`, retriable);
}

/** Anything thrown below this driver, as a `TransportError`. */
export function asTransportError(error: unknown, address: string): TransportError {
  if (error instanceof TransportError) return error;
  const { name = '', message = '', type, code } = fields(error);
  if (name === 'KafkaJSSASLAuthenticationError') {
    return new TransportError('not-authorized', `${address} refused the credentials: ${message}`, {
      retriable: false,
      cause: error,
    });
  }
  if (name.startsWith('KafkaJSConnection') || name === 'KafkaJSLockTimeout') {
    return new TransportError('unreachable', `${address} ${said(String(code ?? ''), message)}`, {
      retriable: true,
      cause: error,
    });
  }
  if (name === 'KafkaJSRequestTimeoutError') {
    return new TransportError('timeout', `${address} did not answer in time: ${message}`, {
      retriable: true,
      cause: error,
    });
  }
  if (name === 'KafkaJSServerDoesNotSupportApiKey') {
    return new TransportError('protocol', `${address} does not serve what is needed: ${message}`, {
      retriable: false,
      cause: error,
    });
  }
  if (typeof code === 'number' && type !== undefined) return refusal(code, address);
  return new TransportError('protocol', `${address}: ${message || String(error)}`, { retriable: false, cause: error });
}

interface ErrorFields {
  readonly name?: string;
  readonly message?: string;
  readonly type?: string;
  readonly code?: string | number;
}

// KafkaJS' error classes are told apart by name, and carry `type` and `code` beside it.
const fields = (error: unknown): ErrorFields => (typeof error === 'object' && error !== null ? error : {});

function said(code: string, message: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused the connection';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'is not a known host';
    case 'ETIMEDOUT':
      return 'did not answer';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'broke the connection';
    default:
      if (message === 'Connection timeout') return 'did not answer';
      if (/closed/i.test(message)) return 'closed the connection';
      return `could not be reached: ${message}`;
  }
}
