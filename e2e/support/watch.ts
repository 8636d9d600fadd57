// Watches everything that a browser complains about: console, uncaught errors, the content security policy. A test
// during which there was any such thing fails, unless it said beforehand that it provokes it.

import { inspect } from 'node:util';

import { type BrowserContext, type ConsoleMessage, expect, type Page } from '@playwright/test';

/** A browser that is too busy to animate the way from one page to the next says so. No page can help it, nor see it. */
const UNMOVED = /Transition was (aborted|skipped)/;

export class Watch {
  private readonly complaints: string[] = [];
  private readonly expected: RegExp[] = [];
  /** Addresses of documents that were answered with 4xx: browsers call that an error, a refused form is none. */
  private readonly refused = new Set<string>();

  /** Watches a browser context from now on. */
  over(context: BrowserContext) {
    context.on('console', (message) => this.hear(message));
    context.on('weberror', (error) => this.complaints.push(`uncaught on ${error.page()?.url()}: ${inspect(error.error())}`));
    context.on('response', (response) => {
      const status = response.status();
      if (status >= 400 && status < 500 && response.request().isNavigationRequest()) {
        this.refused.add(response.url());
      }
    });
    context.on('page', (page) => this.overPage(page));
    context.pages().forEach((page) => this.overPage(page));
  }

  /** The test is about to provoke complaints like this one. */
  expect(complaint: RegExp) {
    this.expected.push(complaint);
  }

  /** Fails if there was any complaint. */
  verify() {
    const left = this.complaints.filter((said) => {
      const document = /status of 4\d\d .* <(.*)>$/s.exec(said)?.[1];
      const excused = [UNMOVED, ...this.expected].some((each) => each.test(said));
      return !excused && !(document && this.refused.has(document));
    });
    expect(left, 'what the browser complained about').toEqual([]);
  }

  private overPage(page: Page) {
    page.on('crash', () => this.complaints.push(`crash: ${page.url()}`));
  }

  private hear(message: ConsoleMessage) {
    if (message.type() === 'error' || message.type() === 'warning') {
      this.complaints.push(`${message.type()}: ${message.text()} <${message.location().url}>`);
    }
  }
}
