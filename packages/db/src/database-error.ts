import { Prisma } from './generated/client.ts';

/** Postgres does not answer, refuses the login, or cut the connection. Passing: the same call may succeed later. */
export class DatabaseUnreachable extends Error {
  readonly code = 'database-unreachable';
  /** `host:port/database`, without the password. */
  readonly address: string;
  /** What it said, in one line. */
  readonly said: string;

  constructor(address: string, said: string, options?: ErrorOptions) {
    super(`Postgres at ${address} cannot be reached: ${said}`, options);
    this.name = 'DatabaseUnreachable';
    this.address = address;
    this.said = said;
  }
}

/** Postgres' disk is full; nothing was written. Passing: there may be room later. */
export class DatabaseFull extends Error {
  readonly code = 'disk-full';

  constructor(address: string, options?: ErrorOptions) {
    super(`The disk of Postgres at ${address} is full`, options);
    this.name = 'DatabaseFull';
  }
}

/** The draft was saved by somebody else since `baseRevision`; nothing was written. */
export class StaleDraft extends Error {
  readonly code = 'stale-draft';
  readonly current: { readonly revision: number; readonly text: string };

  constructor(app: string, current: { revision: number; text: string }) {
    super(`The draft of ${app} is at revision ${current.revision} by now`);
    this.name = 'StaleDraft';
    this.current = current;
  }
}

/** What should be of the app changed since it was read; nothing was written. Read and decide again. */
export class DeploymentMoved extends Error {
  readonly code = 'deployment-moved';

  constructor(app: string) {
    super(`Another deployment of ${app} came first`);
    this.name = 'DeploymentMoved';
  }
}

export class AppExists extends Error {
  readonly code = 'app-exists';

  constructor(app: string) {
    super(`There is an app ${app} already`);
    this.name = 'AppExists';
  }
}

const unreachableCodes = new Set([
  'P1000',
  'P1001',
  'P1002',
  'P1003',
  'P1008',
  'P1010',
  'P1011',
  'P1017',
  'P2024',
  'P2037',
]);
const unreachableText =
  /ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE|terminat|closed|timeout|starting up|shutting down|recovery mode|too many clients|authentication failed|does not exist|Can't reach/i;
const connectionState = /^(08|57P0|53300|28|3D000)/;

/** The typed error for a failure of the driver's or Prisma's; any other error is handed back as it is. */
export function asDatabaseError(error: unknown, address: string): unknown {
  // 53100, by name in Prisma's words.
  if (error instanceof Error && /No space left on device|could not extend file|\b53100\b/.test(error.message))
    return new DatabaseFull(address, { cause: error });
  return isUnreachable(error) ? new DatabaseUnreachable(address, firstLine(error), { cause: error }) : error;
}

function isUnreachable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    // P2028, a transaction that could not begin or lost its connection, and P2010, a raw query: their messages name the cause
    return unreachableCodes.has(error.code) || (/^P20(10|28)$/.test(error.code) && unreachableText.test(error.message));
  }
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return connectionState.test(error.code) || unreachableText.test(error.code);
  }
  return (
    error instanceof AggregateError || (error instanceof Error && /Connection terminated|timeout/.test(error.message))
  );
}

function firstLine(error: unknown): string {
  const nested = error instanceof AggregateError ? error.errors[0] : error;
  const lines = (nested instanceof Error ? nested.message : String(nested)).split('\n').map((line) => line.trim());
  // Prisma's messages begin with the call they came from, its place and the lines around it, and end with the cause.
  const aboutTheCall = /^(Invalid `|.*\.[cm]?[jt]s:\d+:\d+$|(→ ?)?\d+ )/;
  const said = lines.find((line) => line !== '' && !aboutTheCall.test(line)) ?? 'no reason given';
  return /^Raw query failed\. .*Message: `(.*)`$/.exec(said)?.[1] ?? said;
}
