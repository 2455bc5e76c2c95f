import type { ChannelRequest, SubscribeReply } from '@millrace/protocol';
import type { Socket } from 'socket.io-client';
import { ChannelStore } from './channel-store.ts';

/** `refused`: the server speaks another version of the protocol; the page has to be loaded again. */
export type ConnectionState =
  | { readonly kind: 'connecting'; readonly sinceMs: number }
  | { readonly kind: 'connected'; readonly sinceMs: number }
  | { readonly kind: 'lost'; readonly sinceMs: number }
  | { readonly kind: 'refused'; readonly sinceMs: number; readonly message: string };

interface Subscription {
  readonly id: string;
  readonly request: ChannelRequest;
  readonly store: ChannelStore;
  users: number;
  ending: ReturnType<typeof setTimeout> | undefined;
  retrying: ReturnType<typeof setTimeout> | undefined;
}

/** A page that is left is often come back to: its subscription outlives it by this. */
const lingerMs = 400;
const retryMs = 3000;
/** Figures change at most four times a second; rows and records come with the next animation frame. */
const figureChannels = new Set<string>(['workspace', 'graph', 'generators']);

/** The page's one connection to the engine: subscriptions shared by request, made again after a loss, and given up while nobody looks. */
export class Connection {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #listeners = new Set<() => void>();
  #socket: Socket | undefined;
  #state: ConnectionState = { kind: 'connecting', sinceMs: Date.now() };
  #nextId = 1;

  get state(): ConnectionState {
    return this.#state;
  }

  onState = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  /** The store of a request; call `release` when it is no longer looked at. */
  open(request: ChannelRequest): { readonly store: ChannelStore; readonly release: () => void } {
    const key = JSON.stringify(request);
    let subscription = this.#subscriptions.get(key);
    if (!subscription) {
      const store = new ChannelStore(
        figureChannels.has(request.channel) ? everyQuarterSecond() : (commit) => requestAnimationFrame(commit),
      );
      subscription = { id: `s${this.#nextId++}`, request, store, users: 0, ending: undefined, retrying: undefined };
      this.#subscriptions.set(key, subscription);
      void this.#subscribe(subscription);
    }
    const opened = subscription;
    opened.users += 1;
    clearTimeout(opened.ending);
    return {
      store: opened.store,
      release: () => {
        opened.users -= 1;
        if (opened.users > 0) return;
        opened.ending = setTimeout(() => {
          this.#subscriptions.delete(key);
          clearTimeout(opened.retrying);
          this.#socket?.emit('unsubscribe', { id: opened.id });
        }, lingerMs);
      },
    };
  }

  /** Asks the server to send no rows of a tail, and to go on counting. */
  pause(request: ChannelRequest, paused: boolean): void {
    const subscription = this.#subscriptions.get(JSON.stringify(request));
    if (subscription) this.#socket?.emit('pause', { id: subscription.id, paused });
  }

  async #subscribe(subscription: Subscription): Promise<void> {
    const socket = await this.#connect();
    if (!socket.connected || document.hidden) return;
    const reply = await socket
      .timeout(10_000)
      .emitWithAck('subscribe', { id: subscription.id, request: subscription.request })
      .catch(
        (cause: Error): SubscribeReply => ({
          ok: false,
          error: { code: 'no-answer', message: `The engine did not answer: ${cause.message}` },
        }),
      );
    if ((reply as SubscribeReply).ok) return; // the ack's type is the contract's
    const { error } = reply as Extract<SubscribeReply, { ok: false }>; // `ok` was just checked
    subscription.store.setFreshness({ kind: 'refused', code: error.code, message: error.message, hint: error.hint });
    subscription.retrying = setTimeout(() => {
      if (this.#subscriptions.get(JSON.stringify(subscription.request)) === subscription)
        void this.#subscribe(subscription);
    }, retryMs);
  }

  async #connect(): Promise<Socket> {
    if (this.#socket) return this.#socket;
    const [{ io }, { frame: frameSchema, liveSocket, protocolVersion }, { parseJson }] = await Promise.all([
      import('socket.io-client'),
      import('@millrace/protocol'),
      import('../exact-json.ts'),
    ]);
    if (this.#socket) return this.#socket;
    const socket = io({
      ...liveSocket,
      auth: { protocol: protocolVersion },
      transports: ['websocket', 'polling'],
      reconnectionDelay: 300,
      reconnectionDelayMax: 3000,
    });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#become({ kind: 'connected', sinceMs: Date.now() });
      for (const subscription of this.#subscriptions.values()) void this.#subscribe(subscription);
    });
    socket.on('disconnect', () => this.#lose());
    socket.on('connect_error', (error) => {
      if (error.message.startsWith('protocol'))
        this.#become({ kind: 'refused', sinceMs: Date.now(), message: error.message });
      else this.#lose();
    });
    socket.on('frame', (text: string, acknowledge?: () => void) => {
      const frame = frameSchema.safeParse(parseJson(text));
      if (!frame.success) return;
      const subscription = [...this.#subscriptions.values()].find((one) => one.id === frame.data.id);
      if (!subscription) return acknowledge?.();
      if (!subscription.store.receive(frame.data, () => acknowledge?.()))
        socket.emit('resnapshot', { id: subscription.id });
    });
    document.addEventListener('visibilitychange', () => {
      for (const subscription of this.#subscriptions.values()) {
        if (document.hidden) {
          socket.emit('unsubscribe', { id: subscription.id });
          subscription.store.setFreshness({ kind: 'stale' });
        } else void this.#subscribe(subscription);
      }
    });
    return socket;
  }

  #lose(): void {
    if (this.#state.kind !== 'lost') this.#become({ kind: 'lost', sinceMs: Date.now() });
    for (const subscription of this.#subscriptions.values()) subscription.store.setFreshness({ kind: 'stale' });
  }
}

/** Commits at once, then at most every 250 ms, always within an animation frame. */
function everyQuarterSecond(): (commit: () => void) => void {
  let lastMs = 0;
  return (commit) => {
    const wait = Math.max(0, lastMs + 250 - performance.now());
    setTimeout(() => {
      requestAnimationFrame(() => {
        lastMs = performance.now();
        commit();
      });
    }, wait);
  };
}

// Development loads modules anew at every change; the connection stays.
const held = globalThis as typeof globalThis & { millraceConnection?: Connection };

/** The page's connection; made at first use, in the browser alone. */
export function engineConnection(): Connection {
  held.millraceConnection ??= new Connection();
  return held.millraceConnection;
}
