import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const highlight = HighlightStyle.define([
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.literal], color: 'var(--code-number)' },
  {
    tag: [tags.bool, tags.null, tags.keyword, tags.operator, tags.logicOperator, tags.compareOperator],
    color: 'var(--accent)',
  },
  { tag: [tags.comment, tags.lineComment], color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.attributeName], color: 'var(--text)' },
  { tag: [tags.punctuation, tags.bracket, tags.separator], color: 'var(--text-3)' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

/** The look of every code field: our colours and type, both themes through the same variables. */
export const codeTheme = [
  syntaxHighlighting(highlight),
  EditorView.theme({
    '&': { fontSize: '12px', backgroundColor: 'transparent', color: 'var(--text)' },
    '&.cm-focused': { outline: 'none' },
    '.cm-content': { fontFamily: 'var(--font-geist-mono), monospace', caretColor: 'var(--accent)', padding: '4px 0' },
    '.cm-scroller': { fontFamily: 'inherit', lineHeight: '18px' },
    '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '1.5px' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
      backgroundColor: 'var(--tint-line)',
    },
    '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--text-3)', border: 'none' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
    '.cm-tooltip': {
      backgroundColor: 'var(--raised)',
      border: '1px solid var(--line-2)',
      borderRadius: '5px',
      boxShadow: 'var(--over)',
      color: 'var(--text)',
    },
    '.cm-tooltip-autocomplete > ul': {
      fontFamily: 'var(--font-geist-mono), monospace',
      fontSize: '12px',
      maxHeight: '220px',
    },
    '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', lineHeight: '20px' },
    '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--active)', color: 'var(--text)' },
    '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal', marginLeft: '12px', float: 'right' },
    '.cm-lintRange-error': {
      backgroundImage: 'none',
      textDecoration: 'underline wavy var(--bad-mark)',
      textUnderlineOffset: '3px',
    },
    '.cm-lintRange-warning': {
      backgroundImage: 'none',
      textDecoration: 'underline wavy var(--warn-mark)',
      textUnderlineOffset: '3px',
    },
    '.cm-diagnostic': { fontFamily: 'var(--font-geist-sans), sans-serif', padding: '4px 8px', borderLeft: 'none' },
    '.cm-diagnosticAction': { backgroundColor: 'transparent', color: 'var(--accent)', marginLeft: '0' },
    '.cm-panels': { backgroundColor: 'var(--bg)', color: 'var(--text)' },
  }),
];
