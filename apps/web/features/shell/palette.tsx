'use client';
import { Dialog } from '@base-ui/react/dialog';
import { Command as Cmdk } from 'cmdk';
import { ArrowRight, Search, Zap } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useApps, useTopics } from '#lib/api-client/queries.ts';
import { Kbd } from '#ui/kbd.tsx';
import { KindIcon } from '#ui/kind-icon.tsx';
import { type Command, useCommandStore } from './commands.ts';
import { useKeysText } from './mod-key.ts';

const row = 'flex h-8 items-center gap-2.5 rounded-control px-2 text-13 text-text data-[selected=true]:bg-active';

/** Any app, topic or table, and every command of this page, by typing a part of its name. */
export function Palette() {
  const { commands, setPalette } = useCommandStore();
  const router = useRouter();
  const keysText = useKeysText();
  const apps = useApps().data ?? [];
  const topics = useTopics().data ?? [];
  const close = () => setPalette('closed');
  const run = (action: () => void) => () => {
    close();
    // After the dialog has given the focus back, so that the action can place it.
    requestAnimationFrame(action);
  };
  const go = (href: string) => run(() => router.push(href));
  // A page's command stands for the shell's of the same key, and an action for its second key.
  const shown = commands.filter(
    (command, index) =>
      command.id !== 'palette' &&
      !commands
        .slice(index + 1)
        .some((later) => later.title === command.title || (later.keys !== undefined && later.keys === command.keys)),
  );
  const groups = [...new Set(shown.map((command) => command.group))];
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup
          aria-label="Search or run"
          className="fixed top-[12vh] left-1/2 z-50 w-[560px] max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-node border border-line-2 bg-raised shadow-over outline-none"
        >
          <Cmdk label="Search or run" loop>
            <div className="flex items-center gap-2 border-b border-line px-3">
              <Search aria-hidden="true" size={15} className="text-text-3" />
              <Cmdk.Input
                autoFocus
                placeholder="Search or run…"
                className="h-11 flex-1 bg-transparent text-13 outline-none"
              />
              <Kbd>Esc</Kbd>
            </div>
            <Cmdk.List className="max-h-[50vh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-11 [&_[cmdk-group-heading]]:text-text-3">
              <Cmdk.Empty className="px-2 py-6 text-center text-text-3">Nothing of that name.</Cmdk.Empty>
              {groups.map((group) => (
                <Cmdk.Group key={group} heading={group}>
                  {shown
                    .filter((command) => command.group === group)
                    .map((command) => (
                      <CommandRow
                        key={command.id}
                        command={command}
                        keys={command.keys === undefined ? undefined : keysText(command.keys)}
                        onSelect={run(command.run)}
                      />
                    ))}
                </Cmdk.Group>
              ))}
              {apps.length > 0 && (
                <Cmdk.Group heading="Open app">
                  {apps.map((app) => (
                    <Cmdk.Item
                      key={app.app}
                      value={`app ${app.app} ${app.label ?? ''}`}
                      onSelect={go(`/apps/${app.app}`)}
                      className={row}
                    >
                      <KindIcon kind="agent" size={15} />
                      {app.app}
                      <span className="ml-auto truncate pl-4 text-11 text-text-3">{app.description}</span>
                    </Cmdk.Item>
                  ))}
                </Cmdk.Group>
              )}
              {apps.some((app) => app.tables.length > 0) && (
                <Cmdk.Group heading="Open table">
                  {apps.flatMap((app) =>
                    app.tables.map((table) => (
                      <Cmdk.Item
                        key={`${app.app}/${table}`}
                        value={`table ${table} ${app.app}`}
                        onSelect={go(`/apps/${app.app}/tables/${table}`)}
                        className={row}
                      >
                        <KindIcon kind="table" size={15} />
                        {table}
                        <span className="ml-auto text-11 text-text-3">{app.app}</span>
                      </Cmdk.Item>
                    )),
                  )}
                </Cmdk.Group>
              )}
              {topics.some((topic) => !topic.internal) && (
                <Cmdk.Group heading="Open topic">
                  {topics
                    .filter((topic) => !topic.internal)
                    .map((topic) => (
                      <Cmdk.Item
                        key={topic.name}
                        value={`topic ${topic.name}`}
                        onSelect={go(`/topics/${encodeURIComponent(topic.name)}`)}
                        className={row}
                      >
                        <KindIcon kind="topic" size={15} />
                        {topic.name}
                      </Cmdk.Item>
                    ))}
                </Cmdk.Group>
              )}
            </Cmdk.List>
          </Cmdk>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function CommandRow({
  command,
  keys,
  onSelect,
}: {
  readonly command: Command;
  readonly keys: string | undefined;
  readonly onSelect: () => void;
}) {
  const Icon = command.group === 'Go to' ? ArrowRight : Zap;
  return (
    <Cmdk.Item value={`${command.title} ${command.id}`} onSelect={onSelect} className={row}>
      <Icon aria-hidden="true" size={15} strokeWidth={1.6} className="text-text-3" />
      {command.title}
      {keys !== undefined && (
        <span className="ml-auto">
          <Kbd>{keys}</Kbd>
        </span>
      )}
    </Cmdk.Item>
  );
}
