import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { temporaryDirectory } from './temporary.ts';

/** Debian's Chromium, without a window. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    // Tests run as root, where Chromium's own sandbox does not; the pages are ours.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    env: { ...process.env, HOME: temporaryDirectory('chromium') },
  });
}

export interface SeenPage {
  readonly page: Page;
  /** Everything that was loaded. */
  readonly requests: readonly string[];
  /** What the browser complained about: scripts, the content security policy. */
  readonly complaints: readonly string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<SeenPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, requests, complaints };
}
