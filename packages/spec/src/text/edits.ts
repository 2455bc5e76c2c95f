import { type Document, isMap, isScalar, isSeq } from 'yaml';
import type { DocumentPath, Edit } from '../problem.ts';
import { authoredPath } from './authored-path.ts';
import { EditError, editedData, isSame, smallestEdits } from './data-edits.ts';
import { plainData } from './plain-data.ts';
import { foreignVersion, readYaml } from './read-yaml.ts';
import { renderDocument } from './render.ts';
import { spliced } from './splice.ts';

/**
 * Applies edits to a document's text, in order. What an edit doesn't touch stays byte for byte: comments, quotes, blank lines, flow mappings. A
 * path may be of the long form; it is led to what is written. Mappings on the way that are not there are made, short forms spelled out; a list
 * takes an index up to its length (which appends), and `insert` puts the value before the item. Deleting what is not there is nothing.
 * @throws EditError where the text is not YAML, where a path leads past a list's end, and where a rename has nothing to rename or takes a
 * name that is in use.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, edit) => {
    const { data } = read(before);
    const path = authoredPath(data, edit.path);
    if (path.length === 0) throw new EditError('An edit needs a path');
    return smallestEdits(data, path, edit).reduce(applyEdit, before);
  }, text);
}

function read(text: string): { yaml: Document; data: unknown } {
  const yaml = readYaml(text);
  if (yaml.errors[0] !== undefined) throw new EditError(`The text is not YAML: ${yaml.errors[0].message}`);
  const version = foreignVersion(yaml);
  if (version !== undefined) throw new EditError(`The text is YAML ${version}; documents are YAML 1.2`);
  const { data, faults } = plainData(yaml);
  if (faults[0] !== undefined) throw new EditError(faults[0].message);
  return { yaml, data };
}

/** In the text where that can be done; else through yaml's own nodes, which keeps the comments; else written anew. Whatever says the same. */
function applyEdit(text: string, edit: Edit): string {
  const { yaml, data } = read(text);
  const wanted = editedData(data, edit.path, edit);
  if (isSame(wanted, data)) return text;
  const inText = spliced(text, yaml, edit.path, wanted, edit);
  if (inText !== undefined && says(inText, wanted)) return inText;
  const throughNodes = editNodes(yaml, edit.path, edit) ? yaml.toString({ lineWidth: 0 }) : undefined;
  return throughNodes !== undefined && says(throughNodes, wanted) ? throughNodes : renderDocument(wanted);
}

function says(text: string, data: unknown): boolean {
  const yaml = readYaml(text);
  return yaml.errors.length === 0 && isSame(plainData(yaml).data, data);
}

function editNodes(yaml: Document, path: DocumentPath, { value, rename, insert }: Edit): boolean {
  const parent = path.length === 1 ? yaml.contents : yaml.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent) && rename !== undefined) {
    const key = parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(last))?.key;
    if (!isScalar(key)) return false;
    key.value = rename;
    return true;
  }
  if (isSeq(parent) && insert === true && typeof last === 'number') {
    parent.items.splice(last, 0, yaml.createNode(value));
    return true;
  }
  if (!isMap(parent) && !isSeq(parent)) return false;
  if (value === undefined) parent.delete(last);
  else parent.set(last, yaml.createNode(value));
  return true;
}
