/** JSON whose numbers keep every digit. Imported when it is wanted, beside the first question: what it calculates with is not in a page's first load. */
export { parseJson, writeJson } from '@millrace/spec';
