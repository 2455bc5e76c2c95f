import { expect, test } from '@playwright/test';
import { api, millraceUrl } from '../millrace/api.ts';
import { appDetail, freshName, refused } from '../millrace/apps.ts';
import { failuresDocument } from '../millrace/documents.ts';
import { Editor } from '../millrace/editor.ts';

const good = failuresDocument('bad-input', 'bad-input-logins');

/** What is wrong, the text that has it, the code of the problem, and where it is. */
const faults: readonly (readonly [string, string, string, string])[] = [
  ['an unknown step', good.replace('group_by', 'group_bye'), 'unknown-step', 'agents.count-failures.steps.1.group_bye'],
  [
    'a table that is not there',
    good.replace('aggregate: failures-by-ip', 'aggregate: failures'),
    'dangling-reference',
    'agents.count-failures.steps.2.aggregate',
  ],
  [
    'an id that is there twice',
    good.replace('agents:\n', 'agents:\n  count-failures:\n    from: bad-input-logins\n    steps: []\n'),
    'duplicate-id',
    'agents.count-failures',
  ],
  [
    'events that go round for ever',
    good.replace('      - group_by', '      - send: bad-input-logins\n      - group_by'),
    'cyclic-reference',
    'agents.count-failures',
  ],
  [
    'an expression on a field that is not there',
    good.replace('!value.ok', '!value.okay'),
    'bad-expression',
    'agents.count-failures.steps.0.filter',
  ],
  ['a text that is not YAML', good.replace('models:', 'models: ['), 'bad-yaml', ''],
];

for (const [fault, text, code, place] of faults) {
  test(`the API answers ${fault} with 400 and a list of problems, and changes nothing`, async () => {
    const apps = await api('GET', '/apps');
    for (const path of ['/apply', '/plan', '/apps']) {
      const { status, error } = await refused('POST', path, { text });
      expect(status, path).toBe(400);
      const found = error.problems?.find((problem) => problem.code === code);
      expect(found, `${path} answered ${JSON.stringify(error)}`).toBeDefined();
      expect(found?.path.join('.')).toBe(place);
      expect(found?.message).not.toBe('');
      expect(found?.hint).not.toBe('');
    }
    expect(await api('GET', '/apps')).toEqual(apps);
  });
}

test('a pasted document that does not validate is listed problem by problem, and no app is created', async ({
  page,
}) => {
  const app = freshName('pasted-bad');
  const text = failuresDocument(app, `${app}-logins`)
    .replace('group_by', 'group_bye')
    .replace('partitions: 4', 'partitions: none');
  await page.goto(`${millraceUrl()}/?new=text`);
  const dialog = page.getByRole('dialog', { name: 'New app' });
  await dialog.getByRole('textbox', { name: 'App document in YAML' }).fill(text);
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  const problems = dialog.getByRole('list', { name: 'Problems' }).getByRole('listitem');
  await expect(problems.filter({ hasText: 'group_bye' })).toContainText(/line \d+/);
  await expect(problems.filter({ hasText: 'partitions' })).toContainText('line 9');
  expect((await api<{ apps: { app: string }[] }>('GET', '/apps')).apps.map((each) => each.app)).not.toContain(app);
});

test('a draft with an error is kept, listed, and not deployed', async ({ page }) => {
  const app = freshName('bad-draft');
  await api('POST', '/apps', { text: failuresDocument(app, `${app}-logins`) });
  const editor = await Editor.open(page, app);
  await editor.retype(failuresDocument(app, `${app}-logins`, '!value.okay'));
  await editor.saved(/okay/);

  const panel = await editor.tab('Problems');
  await expect(panel.getByRole('listitem').filter({ hasText: 'okay' })).toBeVisible();
  await page.getByRole('button', { name: /^Deploy…/ }).click();
  const dialog = page.getByRole('dialog', { name: /^Deploy/ });
  await expect(dialog.getByRole('heading', { name: '1 problem to mend before it can be deployed' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: /^Deploy( v\d+)?( |$)/ })).toBeDisabled();

  const { status, error } = await refused('POST', `/apps/${app}/deploy`, {});
  expect(status).toBe(400);
  expect(error.problems?.[0]).toMatchObject({ code: 'bad-expression' });
  expect(await appDetail(app)).toMatchObject({ latestVersion: null, deployment: null });
});
