import { expect, type Locator, type Page } from '@playwright/test';
import { millraceUrl } from './api.ts';
import { appDetail } from './apps.ts';

/** The editor of an app, in the words of someone who uses it. */
export class Editor {
  readonly page: Page;
  readonly app: string;

  constructor(page: Page, app: string) {
    this.page = page;
    this.app = app;
  }

  static async open(page: Page, app: string): Promise<Editor> {
    await page.goto(`${millraceUrl()}/apps/${app}`);
    const editor = new Editor(page, app);
    await expect(editor.canvas).toBeVisible();
    return editor;
  }

  get canvas(): Locator {
    return this.page.getByRole('application');
  }

  get yaml(): Locator {
    return this.page.getByRole('tabpanel').getByRole('textbox', { name: 'App document in YAML' });
  }

  /** The form beside the canvas: `topic logins`, `App settings`. */
  form(name: string): Locator {
    return this.page.getByRole('complementary', { name, exact: true });
  }

  node(kind: 'topic' | 'agent' | 'table', name: string): Locator {
    return this.page.getByRole('group', { name: `${kind} ${name}`, exact: true });
  }

  edge(from: string, to: string): Locator {
    return this.page.getByRole('group', { name: `records from ${from} to ${to}` });
  }

  port(label: string): Locator {
    return this.page.getByTitle(label, { exact: true });
  }

  /** Puts an element on the canvas; its form opens. */
  async add(kind: 'Topic' | 'Agent' | 'Table' | 'Model'): Promise<void> {
    await this.page.getByRole('toolbar', { name: 'Canvas' }).getByRole('button', { name: /^Add/ }).click();
    await this.page.getByRole('menuitem', { name: new RegExp(`^${kind}`) }).click();
  }

  async select(kind: 'topic' | 'agent' | 'table', name: string): Promise<Locator> {
    await this.node(kind, name).getByText(name, { exact: true }).first().click();
    const form = this.form(`${kind} ${name}`);
    await expect(form).toBeVisible();
    return form;
  }

  /** Lays the graph out and brings all of it into sight. */
  async arrange(): Promise<void> {
    await this.page.getByRole('button', { name: 'Lay the graph out' }).click();
    await this.page.getByRole('button', { name: 'Show the whole graph' }).click();
  }

  /** Drags from one port to another, and lets go unless told to hold. */
  async drag(from: string, to: string, end: 'drop' | 'hold' = 'drop'): Promise<void> {
    await this.port(from).hover();
    await this.page.mouse.down();
    const target = await this.port(to).boundingBox();
    if (target === null) throw new Error(`the port ${to} is not on the screen`);
    await this.page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 8 });
    if (end === 'drop') await this.page.mouse.up();
  }

  async tab(name: 'Problems' | 'YAML' | 'Live' | 'History'): Promise<Locator> {
    await this.page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    const panel = this.page.getByRole('tabpanel');
    await expect(panel).toBeVisible();
    return panel;
  }

  /** What the YAML tab shows. */
  async text(): Promise<string> {
    await this.tab('YAML');
    await expect(this.yaml).toBeVisible();
    return (await this.yaml.locator('.cm-line').allTextContents()).join('\n');
  }

  /** Replaces the text in the YAML tab, as pasting over a selection of everything does. */
  async retype(text: string): Promise<void> {
    await this.tab('YAML');
    await this.yaml.click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }

  /** Writes an expression into its field. */
  async express(form: Locator, label: string, source: string): Promise<void> {
    const field = form.getByRole('textbox', { name: label, exact: true });
    await field.click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(source);
    await expect(field).toHaveText(source);
  }

  /** Waits until what is on the screen is what the server has. */
  async saved(holds: string | RegExp): Promise<void> {
    await expect
      .poll(async () => (await appDetail(this.app)).text, { message: 'the draft on the server' })
      .toMatch(holds);
    await expect(this.page.getByRole('status').filter({ hasText: /^Saved/ })).toBeVisible();
  }

  /** Opens the plan of a deploy. */
  async plan(): Promise<Locator> {
    await this.page.getByRole('button', { name: /^Deploy…/ }).click();
    const dialog = this.page.getByRole('dialog', { name: /^Deploy/ });
    await expect(dialog.getByRole('table', { name: 'Plan' })).toBeVisible();
    return dialog;
  }

  /** Deploys what the plan shows, and waits until it runs. */
  async deploy(plan: Locator): Promise<void> {
    await plan.getByRole('button', { name: /^Deploy v\d+/ }).click();
    await expect(this.page.getByRole('dialog')).toHaveCount(0, { timeout: 60_000 });
    await expect
      .poll(async () => (await appDetail(this.app)).deployment, { timeout: 60_000, message: `${this.app} is deployed` })
      .toMatchObject({ outcome: 'settled' });
  }

  /** What the app's status says: `Running v2`. */
  status(words: string): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^${words}\\b.*: pause, resume, stop$`) });
  }

  /** Chooses from the menu under the app's status. */
  async command(name: 'Pause' | 'Resume' | 'Stop' | 'Start'): Promise<void> {
    await this.page.getByRole('button', { name: /: pause, resume, stop$/ }).click();
    await this.page.getByRole('menuitem', { name, exact: true }).click();
  }
}
