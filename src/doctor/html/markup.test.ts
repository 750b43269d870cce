import fc from 'fast-check';
import { expect, it } from 'vitest';
import { html } from './markup.ts';

it('escapes texts and keeps HTML', () => {
  const inner = html`<b>${'<&>"\''}</b>`;
  expect(html`<p title="${'"'}">${inner}${undefined}${[inner, undefined]}${3}</p>`.markup).toBe(
    '<p title="&quot;"><b>&lt;&amp;&gt;&quot;&#39;</b><b>&lt;&amp;&gt;&quot;&#39;</b>3</p>',
  );
});

it('shows what would hide or reorder', () => {
  expect(html`${'a\u202eb\u0000'}`.markup).toBe('a\\u202eb\\x00');
});

it('lets no text become an element or leave an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(html`${text}`.markup).not.toMatch(/[<>"']/);
    }),
  );
});
