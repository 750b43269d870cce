import type { Page } from 'playwright-core';

/** A text whose colour is hard to tell from what is behind it. */
export interface FaintText {
  readonly text: string;
  /** WCAG 2.2's contrast ratio: 1 to 21, and 4.5 at least for text. */
  readonly contrast: number;
}

/** Texts of less contrast than WCAG 2.2 AA wants, as the browser draws them. */
export function faintTexts(page: Page): Promise<readonly FaintText[]> {
  return page.evaluate(script);
}

/** Runs in the browser, whose types the tests are not compiled with: a text. */
const script = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const background = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return getComputedStyle(document.documentElement).colorScheme.includes('dark') ? 'rgb(0, 0, 0)' : 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('body *')].flatMap((element) => {
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const text = texts.map((node) => node.data.trim()).join('');
    if (text === '') return [];
    const [a, b] = [getComputedStyle(element).color, background(element)].map(luminance);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return contrast < 4.5 ? [{ text, contrast }] : [];
  });
})()`;
