'use client';
import { Dialog } from '#ui/dialog.tsx';
import { Kbd } from '#ui/kbd.tsx';
import { type Command, useCommandStore } from './commands.ts';
import { useKeysText } from './mod-key.ts';

/** Every key that does something here, as the commands on this page declare them. */
export function ShortcutSheet() {
  const { commands, setSheet } = useCommandStore();
  const keysText = useKeysText();
  const groups = new Map<string, Command[]>();
  const taken = new Set<string>();
  for (const command of [...commands].reverse()) {
    if (command.keys === undefined || taken.has(command.keys) || taken.has(command.title)) continue;
    taken.add(command.keys);
    taken.add(command.title);
    groups.set(command.group, [command, ...(groups.get(command.group) ?? [])]);
  }
  return (
    <Dialog open onClose={() => setSheet(false)} title="Shortcuts" width={520}>
      <div className="grid grid-cols-2 gap-x-8 gap-y-4 px-5 py-4 max-sm:grid-cols-1">
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3 className="mb-1 text-11 text-text-3">{group}</h3>
            <dl>
              {members.map((command) => (
                <div key={command.id} className="flex h-7 items-center justify-between border-b border-line">
                  <dt>{command.title}</dt>
                  <dd>
                    <Kbd>{keysText(command.keys ?? '')}</Kbd>
                    <span className="sr-only">{command.keys}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
