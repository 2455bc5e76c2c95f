import type { EventGenerator } from './generator.ts';
import { integer, type Random, seededRandom } from './random.ts';
import { zipf } from './zipf.ts';

const addressCount = 1_000;
const userCount = 5_000;
/** One address in this many belongs to somebody who guesses passwords. */
const attackerEvery = 25;
const attackerFailureRate = 0.97;
const mistypeRate = 0.08;
const lateRate = 0.02;
const maxDelayMs = 5_000;

const countries = ['DE', 'FR', 'US', 'NL', 'PL', 'BR', 'IN', 'JP'] as const;
const names = [
  'ada',
  'alan',
  'barbara',
  'donald',
  'edsger',
  'frances',
  'grace',
  'john',
  'ken',
  'leslie',
  'linus',
  'margaret',
] as const;

/** The ranges that RFC 5737 keeps for documentation: nobody's addresses. */
const ranges = ['203.0.113', '198.51.100', '192.0.2'] as const;

interface Origin {
  readonly ip: string;
  readonly country: string | undefined;
  readonly attacker: boolean;
}

function origins(random: Random): Origin[] {
  return Array.from({ length: addressCount }, (_, rank) => {
    const host =
      rank < 254 * ranges.length
        ? `${ranges[rank % ranges.length]}.${1 + Math.floor(rank / ranges.length)}`
        : `2001:db8::${rank.toString(16)}`;
    // A tenth of the addresses can't be located.
    const country = random() < 0.1 ? undefined : countries[integer(random, countries.length)];
    return { ip: host, country, attacker: rank % attackerEvery === 2 };
  });
}

const userName = (number: number): string =>
  `${names[number % names.length]}${number < names.length ? '' : Math.floor(number / names.length)}`;

export const logins: EventGenerator = {
  title: 'Login attempts',
  description: 'People who mistype their passwords, and a few addresses that guess those of others',
  defaultTopic: 'logins',
  template: 'login-watch',
  create({ seed, skew }) {
    const random = seededRandom(seed);
    const known = origins(random);
    const nextOrigin = zipf(random, addressCount, skew);
    const nextUser = zipf(random, userCount, 0.6);
    return (nowMs) => {
      const { ip, country, attacker } = known[nextOrigin()] ?? { ip: '192.0.2.1', country: undefined, attacker: false };
      const user = userName(attacker ? integer(random, userCount) : nextUser());
      const ok = random() >= (attacker ? attackerFailureRate : mistypeRate);
      const timestampMs = random() < lateRate ? nowMs - integer(random, maxDelayMs) : nowMs;
      const value = { ip, user, ok, ts: timestampMs, ...(country === undefined ? {} : { country }) };
      return { key: user, value, timestampMs };
    };
  },
};
