import { compileDataflow, type KafkaTopic } from '@millrace/dataflow';
import { type AppDocument, parseDocument, type Topic } from '@millrace/spec';
import type { AppView, Workspace } from '../figures/workspace.ts';
import { type TopicMask, topicMask } from './topic-mask.ts';

/** A Kafka topic as an app's document declares it. */
export interface DeclaredTopic {
  readonly app: string;
  readonly document: AppDocument;
  /** Its id in the document. */
  readonly id: string;
  readonly topic: Topic;
}

/** What the deployed apps' documents say of Kafka's topics: also of apps that are stopped, or failed to start. */
export class DeclaredTopics {
  readonly #workspace: Workspace;
  readonly #read = new Map<string, { readonly version: number; readonly document: AppDocument | null }>();

  readonly #topics = new WeakMap<AppDocument, readonly KafkaTopic[]>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The first app, by name, that declares it; or what `app` says of it. Null: nobody does. */
  of(kafkaTopic: string, app?: string): DeclaredTopic | null {
    for (const { app: name, document } of this.#documents()) {
      if (app !== undefined && app !== name) continue;
      const found = Object.entries(document.topics).find(([, topic]) => topic.name === kafkaTopic);
      if (found !== undefined) return { app: name, document, id: found[0], topic: found[1] };
    }
    return null;
  }

  /** The document of an app, of one that is stopped or failed too; null: it has none that can be read. */
  documentOf(app: string): AppDocument | null {
    return this.#documents().find((each) => each.app === app)?.document ?? null;
  }

  /** What of its records is not to be shown. */
  mask(kafkaTopic: string): TopicMask {
    return topicMask(
      this.#documents().map(({ document }) => document),
      kafkaTopic,
    );
  }

  /** Whether what is not committed counts, by the first app that declares the topic, or by `app`. */
  uncommitted(kafkaTopic: string, app?: string): boolean {
    const declared = this.of(kafkaTopic, app) ?? this.of(kafkaTopic);
    return declared?.topic.isolation === 'read_uncommitted';
  }

  /** What it is to each app that uses it. */
  roles(kafkaTopic: string): readonly { readonly app: string; readonly role: KafkaTopic['role'] }[] {
    return this.#documents().flatMap(({ app, document }) =>
      this.#topicsOf(document)
        .filter(({ name }) => name === kafkaTopic)
        .map(({ role }) => ({ app, role })),
    );
  }

  #topicsOf(document: AppDocument): readonly KafkaTopic[] {
    const topics = this.#topics.get(document) ?? compileDataflow(document).topics;
    this.#topics.set(document, topics);
    return topics;
  }

  #documents(): readonly { readonly app: string; readonly document: AppDocument }[] {
    return this.#workspace.apps().flatMap((view) => {
      const document = view.document ?? this.#ofTarget(view);
      return document === null ? [] : [{ app: view.app, document }];
    });
  }

  #ofTarget({ app, supervisor }: AppView): AppDocument | null {
    const { target } = supervisor;
    if (target === null || target === undefined) return null;
    const known = this.#read.get(app);
    if (known?.version === target.version) return known.document;
    const { document } = parseDocument(target.text);
    this.#read.set(app, { version: target.version, document });
    return document;
  }
}
