/** The lifecycle of a supervised process, and every move it can make: a new state or event does not compile until it is specified. */
export type ServiceState = 'idle' | 'starting' | 'ready' | 'waiting' | 'stopping' | 'stopped';
export type ServiceEvent = 'start' | 'ready' | 'exited' | 'stop';

const transitions: Record<ServiceState, Record<ServiceEvent, ServiceState>> = {
  idle: { start: 'starting', ready: 'idle', exited: 'idle', stop: 'stopped' },
  starting: { start: 'starting', ready: 'ready', exited: 'waiting', stop: 'stopping' },
  ready: { start: 'ready', ready: 'ready', exited: 'waiting', stop: 'stopping' },
  // Between an unexpected end and the next try.
  waiting: { start: 'starting', ready: 'waiting', exited: 'waiting', stop: 'stopped' },
  stopping: { start: 'stopping', ready: 'stopping', exited: 'stopped', stop: 'stopping' },
  stopped: { start: 'stopped', ready: 'stopped', exited: 'stopped', stop: 'stopped' },
};

export const nextServiceState = (state: ServiceState, event: ServiceEvent): ServiceState => transitions[state][event];
