import { parseDocument } from '@millrace/spec';
import { expect, test } from '@playwright/test';
import { api, millraceUrl } from '../millrace/api.ts';
import { appDetail, freshName } from '../millrace/apps.ts';
import { failuresDocument } from '../millrace/documents.ts';
import { Editor } from '../millrace/editor.ts';

test.use({ reducedMotion: 'reduce' });

const created = async (name: string): Promise<string> => {
  const app = freshName(name);
  await api('POST', '/apps', { text: failuresDocument(app, `${app}-logins`) });
  return app;
};

test('an app from scratch with forms and canvas alone, and its text says the same', async ({ page }) => {
  test.setTimeout(240_000);
  const app = freshName('scratch');
  await page.goto(millraceUrl());
  await page.getByRole('button', { name: /^New app/ }).click();
  const dialog = page.getByRole('dialog', { name: 'New app' });
  await dialog.getByRole('radio', { name: 'From scratch' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill(app);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.waitForURL(`**/apps/${app}`);
  const editor = new Editor(page, app);
  const rename = async (kind: string, from: string, to: string) => {
    const field = editor.form(`${kind} ${from}`).getByRole('textbox', { name: 'Name', exact: true });
    await field.fill(to);
    await field.press('Enter');
    const form = editor.form(`${kind} ${to}`);
    await expect(form).toBeVisible();
    return form;
  };

  await test.step('a model: a string, a timestamp, a boolean, a double, and an optional string with a default', async () => {
    await editor.add('Model');
    const form = await rename('model', 'Model', 'Reading');
    for (const [name, type] of [
      ['hot', 'boolean'],
      ['celsius', 'double'],
      ['room', 'string'],
    ] as const) {
      await form.getByRole('button', { name: 'Add a field' }).click();
      const named = form.getByRole('textbox', { name: 'Name of the field field' });
      await named.fill(name);
      await named.press('Enter');
      const typed = form.getByLabel(`Type of ${name}`, { exact: true });
      await typed.fill(type);
      await typed.press('Enter');
    }
    await form.getByRole('checkbox', { name: 'room is optional' }).check();
    const fallback = form.getByRole('textbox', { name: 'Default of room' });
    await fallback.fill('hall');
    await fallback.press('Enter');
    await expect(form).toContainText('A record of 5 fields, 1 of which may be absent');
  });

  await test.step('topics: partitions, the model as value, event time from a field', async () => {
    await editor.add('Topic');
    const form = await rename('topic', 'topic', 'readings');
    const partitions = form.getByRole('textbox', { name: 'Partitions' });
    await partitions.fill('6');
    await partitions.press('Enter');
    await expect(form.getByLabel('Value', { exact: true })).toHaveValue('Reading');
    await form.getByRole('combobox', { name: 'Event time' }).click();
    await page.getByRole('option', { name: /^When it is read/ }).click();
    await expect(form).toContainText('timed by now');
    await form.getByRole('combobox', { name: 'Event time' }).click();
    await page.getByRole('option', { name: /^value\.ts/ }).click();
    await expect(form).toContainText('Records of Reading in 6 partitions, timed by value.ts.');
    const ahead = form.getByRole('textbox', { name: 'At most ahead' });
    await expect(ahead).toHaveValue('1 h');
    await ahead.fill('10 min');
    await ahead.press('Enter');
    await editor.add('Topic');
    await rename('topic', 'topic', 'alarms');
  });

  await test.step('a hopping table with count, sum, avg, min, max and last', async () => {
    await editor.add('Table');
    const form = await rename('table', 'table', 'by-id');
    await form.getByRole('radio', { name: 'Hopping' }).click();
    for (const [field, value] of [
      ['Size', '10 min'],
      ['Every', '1 min'],
    ] as const) {
      const duration = form.getByRole('textbox', { name: field, exact: true });
      await duration.fill(value);
      await duration.press('Enter');
    }
    const value = form.locator('section').filter({ has: page.getByRole('heading', { name: 'Value' }) });
    for (const [name, fold] of [
      ['total', 'sum(value.celsius)'],
      ['mean', 'avg(value.celsius)'],
      ['least', 'min(value.celsius)'],
      ['most', 'max(value.celsius)'],
      ['newest', 'last(value.celsius)'],
    ] as const) {
      await value.getByRole('button', { name: 'Add' }).click();
      const named = value.getByRole('textbox', { name: 'Name of count2' });
      await named.fill(name);
      await named.press('Enter');
      await editor.express(form, `Fold of ${name}`, fold);
    }
    await expect(form).toContainText('over the last 10 minutes, updating every 1 min');
  });

  await test.step('an agent, wired by dragging: what it reads, and what it fills', async () => {
    await page.keyboard.press('Escape');
    await editor.canvas.click({ position: { x: 5, y: 5 } });
    await expect(editor.form('App settings')).toBeVisible();
    await editor.add('Agent');
    const form = await rename('agent', 'agent', 'measure');
    await editor.arrange();
    await editor.drag('From readings', 'Into measure');
    await expect(editor.edge('readings', 'measure')).toBeAttached();
    await form.getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('menuitem', { name: 'filter' }).click();
    await editor.express(form, 'Condition', 'value.hot && value.celsius > 20');
    await form.getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('menuitem', { name: 'group_by' }).click();
    await editor.express(form, 'Key', 'value.id');
    await editor.arrange();
    await editor.drag('A new way out of measure', 'Into by-id');
    await expect(form.getByRole('combobox', { name: 'Operator of step 3' })).toHaveText('aggregate');
    await expect(editor.edge('measure', 'by-id')).toBeAttached();
  });

  await test.step('nothing is wrong, and the YAML tab shows what the server has', async () => {
    await editor.saved(/aggregate: by-id/);
    const problems = await editor.tab('Problems');
    await expect(problems).not.toContainText('Error');
    const text = await editor.text();
    expect(text.trim()).toBe((await appDetail(app)).text.trim());
    const { document } = parseDocument(text);
    expect(document?.models['Reading']?.fields).toMatchObject({
      id: { type: { kind: 'string' } },
      ts: { type: { kind: 'timestamp' } },
      hot: { type: { kind: 'boolean' } },
      celsius: { type: { kind: 'double' } },
      room: { type: { kind: 'string' }, optional: true, default: 'hall' },
    });
    expect(document?.topics['readings']).toMatchObject({
      partitions: 6,
      value: { kind: 'model', model: 'Reading' },
      eventTime: { from: 'field', path: ['ts'] },
      maxAheadMs: 600_000,
    });
    expect(document?.tables['by-id']).toMatchObject({
      window: { kind: 'hopping', sizeMs: 600_000, everyMs: 60_000 },
      value: { count: { fn: 'count' }, mean: { fn: 'avg', arg: 'value.celsius' }, newest: { fn: 'last' } },
    });
    expect(document?.agents['measure']).toMatchObject({
      from: { topics: ['readings'] },
      steps: [
        { op: 'filter', where: 'value.hot && value.celsius > 20' },
        { op: 'group_by', key: 'value.id' },
        { op: 'aggregate', table: 'by-id' },
      ],
    });
  });

  await test.step('a reload keeps everything', async () => {
    const text = await editor.text();
    await page.reload();
    await expect(editor.node('agent', 'measure')).toBeVisible();
    expect(await editor.text()).toBe(text);
  });
});

test('an invalid connection is refused, with the reason at the pointer', async ({ page }) => {
  const app = await created('refused-wire');
  const editor = await Editor.open(page, app);
  await editor.arrange();
  await editor.drag(`From ${app}-logins`, 'Into failures-by-ip', 'hold');
  await expect(page.getByRole('status').filter({ hasText: 'An agent between them' })).toBeVisible();
  await page.mouse.up();
  await expect(editor.edge(`${app}-logins`, 'failures-by-ip')).toHaveCount(0);
  await editor.drag('A new way out of count-failures', `Into ${app}-logins`, 'hold');
  await expect(page.getByRole('status').filter({ hasText: 'round for ever' })).toBeVisible();
  await page.mouse.up();
  expect((await appDetail(app)).text).toBe(failuresDocument(app, `${app}-logins`));
});

test('text and form are one document: each follows the other, comments survive, and undo goes back', async ({
  page,
}) => {
  const app = await created('both-ways');
  const editor = await Editor.open(page, app);
  const commented = failuresDocument(app, `${app}-logins`).replace(
    'hopping: 10s, every: 5s, grace: 1h }',
    'hopping: 20s, every: 5s, grace: 1h } # how long an attack takes',
  );
  await editor.retype(commented);
  const form = await editor.select('table', 'failures-by-ip');
  const size = form.getByRole('textbox', { name: 'Size', exact: true });
  await expect(size).toHaveValue('20 s');
  await size.fill('40 s');
  await size.press('Enter');
  await expect(editor.yaml).toContainText('hopping: 40s, every: 5s, grace: 1h } # how long an attack takes');
  await editor.saved(/hopping: 40s.*# how long an attack takes/);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(size).toHaveValue('20 s');
  await editor.saved(/hopping: 20s/);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(size).toHaveValue('40 s');
  await editor.saved(/hopping: 40s/);
  await page.reload();
  expect((await editor.text()).trim()).toBe(commented.replace('20s', '40s').trim());
});

test('a broken expression is listed, and its problem leads to the node and the field', async ({ page }) => {
  const app = await created('broken');
  const editor = await Editor.open(page, app);
  const form = await editor.select('agent', 'count-failures');
  await editor.express(form, 'Condition', 'value.okay');
  await expect(form.getByRole('alert')).toContainText('value has no field okay');
  await expect(editor.node('agent', 'count-failures')).toContainText('1 problem');

  await editor.select('topic', `${app}-logins`);
  const problems = await editor.tab('Problems');
  const problem = problems.getByRole('listitem').filter({ hasText: 'value has no field okay' });
  await expect(problem).toContainText(/line \d+/);
  await problem.getByRole('button').first().click();
  await expect(form).toBeVisible();
  const condition = form.getByRole('textbox', { name: 'Condition', exact: true });
  await expect(condition).toBeFocused();

  await editor.express(form, 'Condition', '!value.ok');
  await expect(problems.getByText('Nothing is wrong')).toBeVisible();
});

test('completion offers the fields of the model, with their types', async ({ page }) => {
  const app = await created('completion');
  const editor = await Editor.open(page, app);
  const form = await editor.select('agent', 'count-failures');
  const condition = form.getByRole('textbox', { name: 'Condition', exact: true });
  await condition.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await condition.pressSequentially('value.');
  const options = page.getByRole('listbox').getByRole('option');
  for (const [field, type] of [
    ['ip', 'string'],
    ['ok', 'boolean'],
    ['ts', 'timestamp'],
  ] as const)
    await expect(options.filter({ hasText: new RegExp(`^${field}`) })).toContainText(type);
  await options.filter({ hasText: /^ok/ }).click();
  await expect(condition).toHaveText('value.ok');
});

test('a stale save is refused and reviewed, never merged silently', async ({ page, browser }) => {
  const app = await created('stale');
  const editor = await Editor.open(page, app);
  // This browser does not hear of what the other saves before it saves itself.
  const known = await page.request.get(`${millraceUrl()}/api/v1/apps/${app}`);
  await page.route(`**/api/v1/apps/${app}`, (route) =>
    route.request().method() === 'GET' ? route.fulfill({ response: known }) : route.continue(),
  );

  const elsewhere = await browser.newContext();
  const other = await Editor.open(await elsewhere.newPage(), app);
  await other.express(await other.select('agent', 'count-failures'), 'Condition', `value.user != 'theirs'`);
  await other.saved(/theirs/);
  await elsewhere.close();

  await editor.express(await editor.select('agent', 'count-failures'), 'Condition', `value.user != 'mine'`);
  const banner = page.getByRole('alert').filter({ hasText: 'The draft was changed elsewhere' });
  await expect(banner).toBeVisible();
  expect((await appDetail(app)).text).toContain('theirs');
  await banner.getByRole('button', { name: 'Review' }).click();
  const review = page.getByRole('dialog', { name: 'Theirs and mine' });
  await expect(review.getByRole('region', { name: 'Differences' })).toContainText('theirs');
  await expect(review.getByRole('region', { name: 'Differences' })).toContainText('mine');
  expect((await appDetail(app)).text).not.toContain('mine');
  await review.getByRole('button', { name: 'Keep mine' }).click();
  await expect(banner).toBeHidden();
  await editor.saved(/mine/);
});

test('an app from a template and an app from pasted YAML open with their graphs drawn', async ({ page }) => {
  const fromTemplate = freshName('template');
  await page.goto(millraceUrl());
  await page.getByRole('button', { name: /^New app/ }).click();
  const dialog = page.getByRole('dialog', { name: 'New app' });
  await dialog.getByRole('radio', { name: /^Login watch/ }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill(fromTemplate);
  await dialog.getByRole('button', { name: 'Create only' }).click();
  await page.waitForURL(`**/apps/${fromTemplate}`);
  const template = new Editor(page, fromTemplate);
  for (const agent of ['count-failures', 'alert']) await expect(template.node('agent', agent)).toBeVisible();
  await expect(template.node('table', 'failures-by-ip')).toBeVisible();

  const pasted = freshName('pasted');
  const text = `# kept as it was written\n${failuresDocument(pasted, `${pasted}-logins`)}`;
  await page.goto(`${millraceUrl()}/?new=text`);
  await dialog.getByRole('textbox', { name: 'App document in YAML' }).fill(text);
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await page.waitForURL(`**/apps/${pasted}`);
  const editor = new Editor(page, pasted);
  await expect(editor.node('agent', 'count-failures')).toBeVisible();
  expect((await appDetail(pasted)).text.trim()).toBe(text.trim());
});
