import { readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { doctorPage } from '../../src/doctor/index.ts';
import { hostileText, samplePage } from '../../src/doctor/testing/sample-page.ts';
import { openBrowser, openPage, type SeenPage } from '../support/browser.ts';
import { executable, offline } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { faintTexts } from '../support/page-contrast.ts';
import { run } from '../support/command.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const phone = { viewport: { width: 360, height: 780 } };

describeWith([needs.chromium], 'the page of the doctor, in Chromium', () => {
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    browser = await openBrowser();
    url = pageOf(doctorPage(samplePage()));
  });
  afterAll(() => browser.close());

  it.each(['light', 'dark'] as const)('fits a phone and can be read, %s', async (colorScheme) => {
    const { page } = await openPage(browser, url, { ...phone, colorScheme });
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    expect(await contentWidth(page)).toBeLessThanOrEqual(360);
    expect(await faintTexts(page)).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      { light: 'rgb(255, 255, 255)', dark: 'rgb(15, 19, 24)' }[colorScheme],
    );
  });

  it('would be found too wide or too faint', async () => {
    const { page } = await openPage(browser, url, phone);
    await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
      '<p style="width: 500px; color: #999; background: #fff">faint</p>')`);
    expect(await contentWidth(page)).toBeGreaterThan(360);
    expect(await faintTexts(page)).toMatchObject([{ text: 'faint' }]);
  });

  it('loads nothing and runs nothing, whatever texts it shows', async () => {
    const { page, requests, complaints } = await openPage(browser, url);
    expect(requests).toEqual([url]);
    expect(complaints).toEqual([]);
    expect(await page.locator('script, img, iframe, object, form, link, svg').count()).toBe(0);
    expect(await page.evaluate('globalThis.attacked')).toBeUndefined();
    expect(await page.locator('article').first().innerText()).toContain(hostileText.trim());
  });

  it('would not run a script that got into it', async () => {
    const attacked = doctorPage(samplePage()).replace(
      '<main>',
      '<main><script>globalThis.attacked = 1</script><img src="x" onerror="globalThis.attacked = 2">',
    );
    const { page, complaints } = await openPage(browser, pageOf(attacked));
    expect(await page.evaluate('globalThis.attacked')).toBeUndefined();
    expect(complaints.join('\n')).toContain('Content Security Policy');
  });

  it('tells a screen reader what is what', async () => {
    const { page } = await openPage(browser, url);
    await expectOutline(page);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.title()).toContain('Something does not work');
    const unnamed = await page.evaluate(
      `[...document.querySelectorAll('section')].filter((one) => !document.getElementById(one.getAttribute('aria-labelledby'))?.textContent).length`,
    );
    expect(unnamed).toBe(0);
    expect(await page.getByRole('columnheader').count()).toBe(3);
    expect(await page.getByRole('rowheader', { name: 's390x' }).count()).toBe(1);
    const ids = await page.evaluate<string[]>(`[...document.querySelectorAll('[id]')].map(({ id }) => id)`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('opens a check with the keyboard', async () => {
    const { page } = await openPage(browser, url);
    const check = page.locator('details', { hasText: 'Is binfmt_misc mounted?' });
    const explanation = check.getByText('file system binfmt_misc');
    expect(await explanation.isVisible()).toBe(false);
    await check.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await explanation.isVisible()).toBe(true);
  });

  it('is what the command writes, whole and at once', async () => {
    const directory = temporaryDirectory('page');
    const path = join(directory, 'report.html');
    writeFileSync(path, 'the report of yesterday');
    const environment = { ...process.env, ...offline, ANYARCH_HOME: temporaryDirectory('home') };
    const command = [executable, 'doctor', '--html', path, '--error', 'exec /bin/true: exec format error'];
    const { stdout } = await run(command, { environment });
    expect(stdout).toContain(`the page is ${path}`);
    expect(readFileSync(path, 'utf8')).toMatch(/<\/html>\s*$/);
    const { page, complaints }: SeenPage = await openPage(browser, pathToFileURL(path).href, phone);
    expect(complaints).toEqual([]);
    expect(await contentWidth(page)).toBeLessThanOrEqual(360);
    expect(await page.getByRole('rowheader').count()).toBeGreaterThan(20);
    const refused = await run(
      [executable, 'doctor', '--html', join(directory, 'none', 'x.html'), '--error', ''],
      { environment },
    );
    expect(refused.stderr).toContain('none/x.html');
    expect(refused.exitCode).not.toBe(0);
  });

  it('leaves links, devices and private files what they are', async () => {
    const directory = temporaryDirectory('page');
    const path = join(directory, 'private.html');
    writeFileSync(path, 'yesterday', { mode: 0o600 });
    symlinkSync('private.html', join(directory, 'link.html'));
    const environment = { ...process.env, ...offline, ANYARCH_HOME: temporaryDirectory('home') };
    const doctor = (target: string) =>
      run([executable, 'doctor', '--html', target, '--error', 'x'], { environment });
    await doctor(join(directory, 'link.html'));
    expect(readlinkSync(join(directory, 'link.html'))).toBe('private.html');
    expect(readFileSync(path, 'utf8')).toMatch(/<\/html>\s*$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const target of ['/dev/stdout', '-']) {
      const refused = await doctor(target);
      expect({ target, exitCode: refused.exitCode }).toEqual({ target, exitCode: 2 });
      expect(refused.stderr).toContain('[ANYARCH_USAGE]');
    }
    expect(readlinkSync('/dev/stdout')).toContain('/fd/1');
  });
});

function pageOf(text: string): string {
  const path = join(temporaryDirectory('page'), 'page.html');
  writeFileSync(path, text);
  return pathToFileURL(path).href;
}

function contentWidth(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth');
}

/** Headings begin with one of the first level and leave no level out. */
async function expectOutline(page: Page): Promise<void> {
  const levels = await page.evaluate<number[]>(
    "[...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName[1]))",
  );
  expect(levels[0]).toBe(1);
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  const jumps = levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1);
  expect(jumps).toEqual([]);
}
