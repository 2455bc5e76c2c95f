'use client';
import { ChevronRight, FileText, LayoutTemplate, type LucideIcon, PencilRuler, Waves } from 'lucide-react';
import { useTemplates } from '#lib/api-client/queries.ts';
import { plural } from '#lib/format.ts';

export const newAppWays = ['data', 'template', 'text', 'scratch'] as const;
export type NewAppWay = (typeof newAppWays)[number];

const ways: readonly {
  readonly way: NewAppWay;
  readonly title: string;
  readonly words: string;
  readonly Icon: LucideIcon;
}[] = [
  { way: 'data', title: 'From data', words: 'Pick a topic; its records give the model', Icon: Waves },
  { way: 'template', title: 'From a template', words: '', Icon: LayoutTemplate },
  { way: 'text', title: 'From text', words: 'Paste or drop an app document in YAML', Icon: FileText },
  { way: 'scratch', title: 'From scratch', words: 'An empty canvas and a name', Icon: PencilRuler },
];

/** The ways to a new app, below the list. */
export function WaysIn({ onOpen }: { readonly onOpen: (way: NewAppWay) => void }) {
  const templates = useTemplates().data;
  return (
    <section aria-labelledby="new-app" className="px-6 py-6">
      <h2 id="new-app" className="mb-2 text-13 font-semibold">
        New app
      </h2>
      <div className="grid grid-cols-4 divide-x divide-line overflow-hidden rounded-node border border-line-2 bg-raised max-lg:grid-cols-2 max-sm:grid-cols-1 max-sm:divide-x-0 max-sm:divide-y">
        {ways.map(({ way, title, words, Icon }) => (
          <button
            key={way}
            type="button"
            onClick={() => onOpen(way)}
            className="flex h-16 min-w-0 items-center gap-3 px-4 text-left -outline-offset-2 hover:bg-hover"
          >
            <Icon aria-hidden="true" size={18} strokeWidth={1.6} className="shrink-0 text-accent" />
            <span className="min-w-0 flex-1">
              <span className="block font-semibold">{title}</span>
              <span className="line-clamp-2 text-12 text-text-3">
                {way === 'template'
                  ? templates
                    ? `${plural(templates.length, 'working example')}, with data`
                    : 'Working examples, with data'
                  : words}
              </span>
            </span>
            <ChevronRight aria-hidden="true" size={16} className="shrink-0 text-accent" />
          </button>
        ))}
      </div>
    </section>
  );
}
