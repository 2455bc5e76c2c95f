import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { deploy, millraceUrl } from '../millrace/api.ts';
import { freshName, stopApp } from '../millrace/apps.ts';
import { projectRoot } from '../millrace/millrace.ts';

const millrace = (...args: readonly string[]): Promise<string> =>
  new Promise((done, fail) => {
    execFile(
      process.execPath,
      [join(projectRoot, 'apps/cli/bin/millrace.mjs'), ...args],
      { env: { ...process.env, MILLRACE_URL: millraceUrl() } },
      (error, out, err) => (error ? fail(new Error(`millrace ${args.join(' ')}: ${err}`)) : done(out)),
    );
  });

const document = (app: string): string => `app: ${app}
models: { Sale: { id: long, amount: decimal } }
topics: { ${app}-sales: { partitions: 1, key: long, value: Sale } }
tables: { by-id: { key: long, value: { total: sum(value.amount), newest: max(value.id) } } }
agents: { count: { from: ${app}-sales, steps: [ { aggregate: by-id } ] } }
settings: { commit: 100ms }
`;

test('every digit of a number is kept from the command line and the dashboard to Kafka, and back to the screen', async ({
  page,
}) => {
  const app = freshName('exact');
  const topic = `${app}-sales`;
  await deploy(document(app));
  await millrace('send', topic, '--key', '9007199254740992', '--value', '{"id":9007199254740992,"amount":0.10}');
  await millrace('send', topic, '--key', '9007199254740993', '--value', '{"id":9007199254740993,"amount":"1.10"}');

  await test.step('the dashboard sends what is typed', async () => {
    await page.goto(`${millraceUrl()}/topics/${topic}?app=${app}`);
    await page.getByRole('button', { name: 'Send record' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send record' });
    await dialog.getByRole('textbox', { name: 'Key' }).fill('9007199254740993');
    await dialog
      .getByRole('textbox', { name: 'Value' })
      .fill('{"id":9007199254740993,"amount":12345678901234567890.20}');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(dialog.getByText('Sent')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
  });

  await test.step('the topic shows it, in its rows and in a record', async () => {
    const records = page.getByRole('table', { name: `Records of ${topic}` });
    const row = records.getByRole('row').filter({ hasText: '12345678901234567890.20' });
    await expect(row).toContainText('9007199254740993');
    await row.click();
    await expect(page.getByText('"amount": 12345678901234567890.20')).toBeVisible();
  });

  await test.step('the table shows it', async () => {
    await page.goto(`${millraceUrl()}/apps/${app}/tables/by-id`);
    const table = page.getByRole('table').first();
    await expect(table).toContainText('9007199254740992');
    await expect(table).toContainText('12345678901234567891.3');
    await expect(table).toContainText('9,007,199,254,740,993');
  });

  await test.step('the command line shows it', async () => {
    expect(await millrace('table', app, 'by-id', '--key', '9007199254740993')).toContain('12345678901234567891.3');
    expect(await millrace('--json', 'table', app, 'by-id')).toContain('"key": 9007199254740993');
    const tail = await millrace('topic', 'tail', topic, '--from', 'beginning', '--no-follow');
    expect(tail).toContain('{"id":9007199254740992,"amount":0.10}');
    expect(tail).toContain('{"id":9007199254740993,"amount":"1.10"}');
    expect(tail).toContain('{"id":9007199254740993,"amount":12345678901234567890.20}');
  });
  await stopApp(app);
});
