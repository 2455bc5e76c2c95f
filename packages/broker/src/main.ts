/** The broker as a process of its own: `millrace-broker --port 9092 --data ./data`. */
import { parseArgs } from 'node:util';
import { type BrokerConfig, InvalidSetting, parseSetting, settingsUsage } from './config.ts';
import { FolderInUse } from './disk/disk.ts';
import { type LogLine, reasonOf } from './log-line.ts';
import { type BrokerOptions, startBroker } from './start-broker.ts';

const usage = `millrace-broker: a Kafka broker for one machine

  --port N                 the port to listen on; 0 takes a free one (9092)
  --host HOST              the address to listen on (127.0.0.1)
  --advertised-host HOST   the address that clients are told to connect to (the one listened on)
  --data FOLDER            where topics and offsets are kept (./.millrace-broker)
  --set NAME=VALUE         one of the settings below, by Kafka's name for it; may be given again and again
  --partitions N           short for --set num.partitions=N
  --auto-create            short for --set auto.create.topics.enable=true
  --with-parent            end when the standard input does: with whoever holds its other end
  --quiet                  say only warnings and errors

Settings, with their defaults:
${settingsUsage()}
`;

const options = {
  port: { type: 'string', default: '9092' },
  host: { type: 'string', default: '127.0.0.1' },
  'advertised-host': { type: 'string' },
  data: { type: 'string', default: './.millrace-broker' },
  set: { type: 'string', multiple: true, default: [] as string[] },
  partitions: { type: 'string' },
  'auto-create': { type: 'boolean', default: false },
  'with-parent': { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Exit codes: 1 the broker could not start, 2 the command line was wrong. */
async function main(): Promise<void> {
  const parsed = parseCommandLine();
  if (parsed.help) {
    process.stdout.write(usage);
    return;
  }
  const log: LogLine = (level, message) => {
    if (level !== 'info') process.stderr.write(`${level}: ${message}\n`);
    else if (!parsed.quiet) process.stdout.write(`${message}\n`);
  };
  const port = wholeNumber('--port', parsed.port, 0, 65_535);
  const broker = await start({
    port,
    host: parsed.host,
    dataDir: parsed.data,
    ...settingsOf(parsed),
    log,
    ...(parsed['advertised-host'] === undefined ? {} : { advertisedHost: parsed['advertised-host'] }),
  });
  process.stdout.write(
    `listening on ${broker.host}:${broker.port}, cluster ${broker.clusterId}, data in ${parsed.data}\n`,
  );
  const stop = () => {
    broker.stop().then(
      () => process.stdout.write('stopped\n', () => process.exit(0)),
      (error: unknown) => fail(1, `it did not stop cleanly: ${reasonOf(error)}`),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stdout.on('error', () => undefined); // Whoever reads no more may be gone, or its disk full: neither ends a broker.
  process.stderr.on('error', () => undefined);
  if (parsed['with-parent']) process.stdin.once('end', stop).once('error', stop).resume();
}

function parseCommandLine() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(2, `${reasonOf(error)}\n\n${usage}`);
  }
}

/** Short forms come first: what `--set` says in full prevails. */
function settingsOf(parsed: ReturnType<typeof parseCommandLine>): Partial<BrokerConfig> {
  const asked = [
    ...(parsed.partitions === undefined ? [] : [`num.partitions=${parsed.partitions}`]),
    ...(parsed['auto-create'] ? ['auto.create.topics.enable=true'] : []),
    ...parsed.set,
  ];
  try {
    return Object.assign({}, ...asked.map(parseSetting));
  } catch (error) {
    if (error instanceof InvalidSetting) return fail(2, error.message);
    throw error;
  }
}

async function start(brokerOptions: BrokerOptions) {
  try {
    return await startBroker(brokerOptions);
  } catch (error) {
    if (error instanceof FolderInUse) return fail(1, `the data folder ${error.message}`);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      return fail(
        1,
        `port ${brokerOptions.port} on ${brokerOptions.host} is taken by another program; choose one with --port`,
      );
    if (code === 'EACCES')
      return fail(
        1,
        `there is no permission for port ${brokerOptions.port} or for the folder ${brokerOptions.dataDir}`,
      );
    return fail(1, `it could not start: ${reasonOf(error)}`);
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= min && value <= max
    ? value
    : fail(2, `${option} takes a whole number from ${min} to ${max}, not '${text}'`);
}

function fail(exitCode: number, message: string): never {
  process.stderr.write(`millrace-broker: ${message}\n`);
  process.exit(exitCode);
}

await main();
