import type { Server as HttpServer } from 'node:http';
import {
  type ChannelRequest,
  liveSocket,
  pauseMessage,
  protocolVersion,
  type SubscribeReply,
  subscribeMessage,
  subscriptionRef,
} from '@millrace/protocol';
import { writeJson } from '@millrace/spec';
import type { Clock } from '@millrace/streams';
import { Server, type Socket } from 'socket.io';
import type { Gate } from '../http/gate.ts';
import { guardUpgrades } from '../http/server.ts';
import { type Log, saying } from '../log.ts';
import { ChannelRefused, type Feed, type FeedSink } from './feed.ts';
import { Room } from './room.ts';

const tickMs = 100;
const maxSubscriptions = 64;

/** Opens a channel's feed. Throws `ChannelRefused`. */
export type OpenFeed = (request: ChannelRequest, sink: FeedSink) => Feed;

interface Subscription {
  readonly roomKey: string;
  readonly room: Room;
  readonly member: string;
}

/** The live view's server: subscriptions to channels, each channel computed once for all who ask for the same, and not at all when nobody does. */
export class LiveHub {
  readonly #io: Server;
  readonly #open: OpenFeed;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #rooms = new Map<string, Room>();
  #timer: { cancel(): void } | undefined;
  #nextMember = 1;

  constructor(http: HttpServer, gate: Gate, open: OpenFeed, clock: Clock, log: Log) {
    this.#open = open;
    this.#clock = clock;
    this.#log = log;
    this.#io = new Server(http, {
      ...liveSocket,
      serveClient: false,
      maxHttpBufferSize: 100_000,
      allowRequest: (request, answer) => answer(null, gate.refusal(request) === null),
    });
    guardUpgrades(http, gate, liveSocket.path);
    this.#io.use((socket, next) => {
      const spoken: unknown = socket.handshake.auth['protocol'];
      next(
        spoken === protocolVersion
          ? undefined
          : new Error(`protocol ${String(spoken)} is not spoken here, but ${protocolVersion}: load the page again`),
      );
    });
    this.#io.on('connection', (socket) => this.#connected(socket));
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
    await this.#io.close();
  }

  #connected(socket: Socket): void {
    const subscriptions = new Map<string, Subscription>();
    socket.on('subscribe', (raw: unknown, reply: unknown) => {
      const answer = this.#subscribe(socket, subscriptions, raw);
      if (typeof reply === 'function') reply(answer);
    });
    socket.on('unsubscribe', (raw: unknown) => {
      const message = subscriptionRef.safeParse(raw);
      if (message.success) this.#leave(subscriptions, message.data.id);
    });
    socket.on('resnapshot', (raw: unknown) => {
      const message = subscriptionRef.safeParse(raw);
      const subscription = message.success ? subscriptions.get(message.data.id) : undefined;
      subscription?.room.resnapshot(subscription.member);
    });
    socket.on('pause', (raw: unknown) => {
      const message = pauseMessage.safeParse(raw);
      if (message.success) subscriptions.get(message.data.id)?.room.pause(message.data.paused);
    });
    socket.on('disconnect', () => {
      for (const id of [...subscriptions.keys()]) this.#leave(subscriptions, id);
    });
  }

  #subscribe(socket: Socket, subscriptions: Map<string, Subscription>, raw: unknown): SubscribeReply {
    const message = subscribeMessage.safeParse(raw);
    if (!message.success)
      return refuse(
        'bad-request',
        message.error.issues.map(({ path, message: said }) => `${path.join('.')}: ${said}`).join('; '),
      );
    const { id, request } = message.data;
    this.#leave(subscriptions, id);
    if (subscriptions.size >= maxSubscriptions)
      return refuse('too-many', `A connection has at most ${maxSubscriptions} subscriptions`);
    const member = `m${this.#nextMember++}`;
    // A tail is paused and counted for each subscriber apart.
    const roomKey = request.channel === 'tail' ? member : JSON.stringify(request);
    try {
      const room = this.#rooms.get(roomKey) ?? new Room((sink) => this.#open(request, sink), this.#clock, this.#log);
      this.#rooms.set(roomKey, room);
      room.join(member, id, (frame, acknowledged) => socket.emit('frame', writeJson(frame), acknowledged));
      subscriptions.set(id, { roomKey, room, member });
      this.#schedule();
      return { ok: true };
    } catch (error) {
      if (error instanceof ChannelRefused) return refuse(error.code, error.message, error.hint);
      this.#log(`a subscription to ${request.channel} failed: ${saying(error)}`);
      return refuse('failed', saying(error));
    }
  }

  #leave(subscriptions: Map<string, Subscription>, id: string): void {
    const subscription = subscriptions.get(id);
    if (subscription === undefined) return;
    subscriptions.delete(id);
    const { room, roomKey, member } = subscription;
    room.leave(member);
    if (!room.empty) return;
    room.close();
    this.#rooms.delete(roomKey);
  }

  /** Ticks only while there are rooms. */
  #schedule(): void {
    if (this.#timer !== undefined) return;
    const tick = () => {
      this.#timer = undefined;
      if (this.#rooms.size === 0) return;
      for (const room of this.#rooms.values()) void room.tick(); // never rejects: a feed's failure is logged
      this.#timer = this.#clock.after(tickMs, tick);
    };
    this.#timer = this.#clock.after(0, tick);
  }
}

const refuse = (code: string, message: string, hint?: string): SubscribeReply => ({
  ok: false,
  error: { code, message, ...(hint === undefined ? {} : { hint }) },
});
