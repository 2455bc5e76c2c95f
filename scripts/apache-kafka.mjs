/**
 * A real Apache Kafka for tests and benchmarks, without Docker: its jars by Maven, one KRaft node, on loopback.
 * Needs Java 17+ and Maven (the first time: the network, 124 MB into `.cache/kafka/`).
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const kafkaVersion = '4.1.0';
const startTimeoutMs = 60_000;
const root = resolve(import.meta.dirname, '..');

/** Thrown where Kafka cannot be had on this machine; the message says what to do. */
export class KafkaUnavailable extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'KafkaUnavailable';
  }
}

/**
 * @typedef {object} ApacheKafka
 * @property {string} brokers `host:port`
 * @property {number} pid
 * @property {() => Promise<void>} stop SIGTERM, and waits for its end; SIGKILL after 20 s. Idempotent.
 * @property {() => Promise<void>} kill SIGKILL, as a crash.
 */

/**
 * Starts one broker. A `dir` that held one before is started again with its data.
 * @param {{ dir: string, port?: number, brisk?: boolean, onProgress?: (line: string) => void }} options
 * @returns {Promise<ApacheKafka>}
 */
export async function startApacheKafka({ dir, port, brisk = false, onProgress = () => {} }) {
  const libs = await kafkaJars(onProgress);
  mkdirSync(dir, { recursive: true });
  const [listener, controller] = await Promise.all([port ?? freePort(), freePort()]);
  const properties = join(dir, 'server.properties');
  const logging = join(dir, 'log4j2.properties');
  const settings = serverProperties({ listener, controller, logDir: join(dir, 'data') });
  writeFileSync(properties, brisk ? settings + briskProperties : settings);
  writeFileSync(logging, loggingProperties);
  const java = [`-Dlog4j2.configurationFile=${pathToFileURL(logging).href}`, '-cp', join(libs, '*')];
  if (!existsSync(join(dir, 'data', 'meta.properties'))) {
    const id = randomBytes(16).toString('base64url');
    // One word with its flag: an id may begin with a hyphen.
    const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${id}`, '-c', properties];
    const formatted = spawnSync('java', [...java, ...format], { encoding: 'utf8' });
    if (formatted.status !== 0) throw new Error(`Kafka's storage could not be formatted:\n${formatted.stderr}`);
  }
  onProgress(`Starting Apache Kafka ${kafkaVersion} on 127.0.0.1:${listener}`);
  const log = createWriteStream(join(dir, 'server.log'), { flags: 'a' });
  const child = spawn('java', ['-Xms256m', '-Xmx1g', ...java, 'kafka.Kafka', properties], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const ended = once(child, 'exit');
  const running = () => child.exitCode === null && child.signalCode === null;

  const end = async (/** @type {NodeJS.Signals} */ signal) => {
    if (!running()) return;
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
  };

  const deadline = Date.now() + startTimeoutMs;
  while (!(await accepts(listener))) {
    if (!running() || Date.now() > deadline) {
      await end('SIGKILL');
      throw new Error(`Apache Kafka did not start; its log is ${join(dir, 'server.log')}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return {
    brokers: `127.0.0.1:${listener}`,
    pid: /** @type {number} */ (child.pid),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/**
 * The folder of Kafka's jars, fetched by Maven if they are not there yet. Throws `KafkaUnavailable` where that can't be.
 * @param {(line: string) => void} onProgress
 */
export async function kafkaJars(onProgress) {
  if (!answers('java', ['-version'])) {
    throw new KafkaUnavailable(
      'Apache Kafka and its tools need Java 17 or later and Maven (it fetches Kafka): install them.',
    );
  }
  const cache = join(root, '.cache', 'kafka');
  const libs = join(cache, kafkaVersion);
  if (existsSync(libs)) return libs;
  if (!answers('mvn', ['-version'])) {
    throw new KafkaUnavailable('Apache Kafka and its tools are fetched by Maven: install it.');
  }
  onProgress(`Fetching Apache Kafka ${kafkaVersion} by Maven (124 MB, once)`);
  const partial = join(cache, `.${kafkaVersion}-${process.pid}`);
  mkdirSync(partial, { recursive: true });
  try {
    writeFileSync(join(partial, 'pom.xml'), pom);
    const target = join(partial, 'libs');
    const maven = spawn(
      'mvn',
      ['-q', '-B', '-f', join(partial, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${target}`],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let said = '';
    maven.stdout.on('data', (chunk) => (said += chunk));
    maven.stderr.on('data', (chunk) => (said += chunk));
    const [status] = await once(maven, 'exit');
    if (status !== 0) throw new KafkaUnavailable(`Maven could not fetch Apache Kafka ${kafkaVersion}:\n${said.trim()}`);
    if (!existsSync(libs)) renameSync(target, libs);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return libs;
}

const answers = (/** @type {string} */ command, /** @type {string[]} */ args) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** @returns {Promise<boolean>} */
const accepts = (/** @type {number} */ port) =>
  new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.once('error', () => answer(false));
  });

// slf4j-simple would hide the log4j2 that Kafka ships.
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>millrace</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${kafkaVersion}</version>
      <exclusions><exclusion><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId></exclusion></exclusions>
    </dependency>
  </dependencies>
</project>
`;

const serverProperties = (
  /** @type {{ listener: number, controller: number, logDir: string }} */ options,
) => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${options.controller}
listeners=PLAINTEXT://127.0.0.1:${options.listener},CONTROLLER://127.0.0.1:${options.controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${options.listener}
controller.listener.names=CONTROLLER
log.dirs=${options.logDir}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
`;

/** Retention, compaction and timeouts are looked after at once: for the broker's suite. Elsewhere records of 1970 are to stay until they are read. */
const briskProperties = `log.initial.task.delay.ms=500
log.retention.check.interval.ms=500
log.cleaner.backoff.ms=500
transaction.abort.timed.out.transaction.cleanup.interval.ms=500
`;

const loggingProperties = `rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c)%n
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dir = process.argv[2] ?? join(root, '.millrace', 'apache-kafka');
  try {
    const brisk = process.argv.includes('--brisk');
    const kafka = await startApacheKafka({ dir, brisk, onProgress: (line) => console.log(line) });
    console.log(`KAFKA_BROKERS=${kafka.brokers}`);
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => void kafka.stop());
  } catch (error) {
    console.error(error instanceof KafkaUnavailable ? error.message : error);
    process.exitCode = 1;
  }
}
