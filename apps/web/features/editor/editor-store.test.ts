import { expect, test } from 'vitest';
import { ApiFailure } from '#lib/api-client/request.ts';
import { startAutosave } from './autosave.ts';
import { createEditorStore } from './editor-store.ts';

const text = `# kept\napp: a\ntopics:\n  logins: { partitions: 4 } # four\n`;
const open = () => createEditorStore('a', { revision: 1, text, savedAtMs: 0 }, () => 0);

/** Time that passes when told to. */
function handClock() {
  let waiting: (() => void)[] = [];
  return {
    after: (_ms: number, then: () => void) => {
      waiting.push(then);
      return () => {
        waiting = waiting.filter((one) => one !== then);
      };
    },
    pass: async () => {
      const due = waiting;
      waiting = [];
      for (const then of due) then();
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
  };
}

test('an edit of a form keeps the comments of the text', () => {
  const store = open();
  store.getState().edit([{ path: ['topics', 'logins', 'partitions'], value: 8 }]);
  expect(store.getState().draft.text).toContain('# kept');
  expect(store.getState().draft.text).toContain('# four');
  expect(store.getState().draft.reading?.document.topics['logins']?.partitions).toBe(8);
});

test('a text that does not parse keeps the last good reading, and undo mends it', () => {
  const store = open();
  store.getState().setText('app: [');
  expect(store.getState().draft.broken).toBe(true);
  expect(store.getState().draft.reading?.document.topics['logins']?.partitions).toBe(4);
  store.getState().undo();
  expect(store.getState().draft.broken).toBe(false);
  expect(store.getState().draft.text).toBe(text);
});

test('revealing a problem selects its element and asks for the focus in its field', () => {
  const store = open();
  store.getState().reveal(['topics', 'logins', 'partitions']);
  expect(store.getState()).toMatchObject({
    selected: 'topic:logins',
    focus: { path: ['topics', 'logins', 'partitions'] },
  });
});

test('what is selected is let go when it is deleted', () => {
  const store = open();
  store.getState().select('topic:logins');
  store.getState().edit([{ path: ['topics', 'logins'] }]);
  expect(store.getState().selected).toBeNull();
});

test('autosave sends the text once it rests, each time on the revision the last save gave', async () => {
  const store = open();
  const clock = handClock();
  const sent: number[] = [];
  startAutosave(store, {
    after: clock.after,
    send: async (_text, base) => {
      sent.push(base);
      return { revision: base + 1, savedAtMs: 7 };
    },
  });
  store.getState().setText(`${text}# one\n`);
  store.getState().setText(`${text}# two\n`);
  await clock.pass();
  expect(store.getState().save).toEqual({ kind: 'saved', atMs: 7 });
  store.getState().setText(`${text}# three\n`);
  await clock.pass();
  expect(sent).toEqual([1, 2]);
});

test('a stale save stops saving until the person keeps theirs or mine', async () => {
  const store = open();
  const clock = handClock();
  let stale = true;
  startAutosave(store, {
    after: clock.after,
    send: async (_text, base) => {
      if (stale)
        throw new ApiFailure('stale-draft', 'Saved elsewhere.', {
          current: { revision: 9, text: 'app: a\n# theirs\n' },
        });
      return { revision: base + 1, savedAtMs: 1 };
    },
  });
  store.getState().setText(`${text}# mine\n`);
  await clock.pass();
  expect(store.getState().save.kind).toBe('conflict');
  stale = false;
  store.getState().resolve('mine');
  await clock.pass();
  expect(store.getState().base).toEqual({ revision: 10, text: `${text}# mine\n` });
});

test('taking theirs can be undone', async () => {
  const store = open();
  store.getState().setText(`${text}# mine\n`);
  store.getState().conflicted({ revision: 9, text: 'app: a\n' });
  store.getState().resolve('theirs');
  expect(store.getState().draft.text).toBe('app: a\n');
  expect(store.getState().save.kind).toBe('saved');
  store.getState().undo();
  expect(store.getState().draft.text).toContain('# mine');
});
