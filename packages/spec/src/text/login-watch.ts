/** The document of the design, for tests. */
export const loginWatch = `app: login-watch
models:
  LoginAttempt:
    ip: string
    user: string
    ok: boolean
    ts: timestamp
    country: { type: string, optional: true }
topics:
  logins: { partitions: 4, key: string, value: LoginAttempt, eventTime: value.ts }
  alerts: { partitions: 4, key: string, value: { ip: string, attempts: long } }
tables:
  failures-by-ip:                       # 5 minutes, a new one every 10 seconds
    key: string
    window: { hopping: 5m, every: 10s, grace: 30s }
    value: { attempts: count(), users: distinct(value.user), last: last(value.user) }
agents:
  count-failures:
    from: logins
    steps:
      - filter: "!value.ok"
      - group_by: value.ip
      - aggregate: failures-by-ip
  alert:
    from: { changes: failures-by-ip }
    steps:
      - filter: value.attempts > 20
      - map: { ip: key, attempts: value.attempts }
      - send: { to: alerts, key: key }
`;
