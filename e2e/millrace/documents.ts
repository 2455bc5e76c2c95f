/** The main job's document under another name and faster windows: failed logins per address. */
export const failuresDocument = (app: string, topic: string, where = '!value.ok'): string => `app: ${app}
models:
  LoginAttempt:
    ip: string
    user: string
    ok: boolean
    ts: timestamp
topics:
  ${topic}: { partitions: 4, key: string, value: LoginAttempt, eventTime: value.ts }
tables:
  failures-by-ip:
    key: string
    window: { hopping: 10s, every: 5s, grace: 1h }
    value: { attempts: count(), users: distinct(value.user), last: last(value.user) }
agents:
  count-failures:
    from: ${topic}
    steps:
      - filter: "${where}"
      - group_by: value.ip
      - aggregate: failures-by-ip
`;

/** A plain table: of each key the number it was last seen with. */
export const lastSeenDocument = (app: string, topic: string): string => `app: ${app}
topics:
  ${topic}: { partitions: 4, key: string, value: { seen: long } }
tables:
  last-seen:
    key: string
    value: { seen: last(value.seen) }
agents:
  see:
    from: ${topic}
    steps:
      - aggregate: last-seen
`;

/** A plain table that is kept by its topic's two partitions: how many records of each key there were. */
export const countsDocument = (app: string, topic: string): string => `app: ${app}
topics:
  ${topic}: { partitions: 2, key: string, value: { seen: long } }
tables:
  counts:
    key: string
    value: { count: count() }
agents:
  count:
    from: ${topic}
    steps:
      - aggregate: counts
`;
