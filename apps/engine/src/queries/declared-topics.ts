import { type AppDocument, kafkaTopicsOf, type PlannedTopic, parseDocument, type Topic } from '@millrace/spec';
import type { AppView, Workspace } from '../figures/workspace.ts';

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

  /** What it is to each app that uses it. */
  roles(kafkaTopic: string): readonly { readonly app: string; readonly role: PlannedTopic['role'] }[] {
    return this.#documents().flatMap(({ app, document }) =>
      kafkaTopicsOf(document)
        .filter(({ name }) => name === kafkaTopic)
        .map(({ role }) => ({ app, role })),
    );
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
