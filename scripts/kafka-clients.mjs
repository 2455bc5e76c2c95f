// The clients of the broker's client suite (packages/broker/clients) that a distribution brings: kcat, and kafka-python with its codecs.
import { spawnSync } from 'node:child_process';
import { run } from './workspace.mjs';

const packages = ['kcat', 'python3-kafka', 'python3-snappy', 'python3-lz4', 'python3-zstandard'];
const probes = [
  ['kcat', '-V'],
  ['/usr/bin/python3', '-c', 'import kafka, snappy, lz4, zstandard'],
];
const present = () => probes.every(([command = '', ...args]) => spawnSync(command, args).status === 0);

/** Installs by apt what is missing. Where that can't be, it says so: the suite's cases then say which client they miss. */
export async function ensureKafkaClients() {
  if (present()) return;
  console.log(`Installing the broker's clients (${packages.join(', ')}) …`);
  const [command = 'apt-get', ...before] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  if (spawnSync(command, [...before, '--version']).status === 0) {
    await run(command, [...before, 'update', '-qq'], { quiet: true, env });
    await run(command, [...before, 'install', '-y', '-qq', ...packages], { quiet: true, env });
  }
  if (!present()) {
    console.error(`  They could not be installed here. On Debian or Ubuntu: apt-get install ${packages.join(' ')}`);
  }
}
