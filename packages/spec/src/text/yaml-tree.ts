import { Composer, type Document, Lexer, type LineCounter, Parser, YAMLParseError } from 'yaml';

/** What the parser may read, in lexemes (words, marks, runs of space): some 1.2 s of its time. A document of 1 MB that a person wrote has two thirds of it. */
const maxLexemes = 300_000;

/** The text goes on where reading it would take too long. */
export class TooMuchYaml extends Error {
  override readonly name = 'TooMuchYaml';
}

/** The library's `parseDocument`, with an end to its patience. @throws TooMuchYaml; RangeError where the text nests too deeply */
export function yamlTree(text: string, lines: LineCounter): Document.Parsed {
  const composer = new Composer({
    prettyErrors: false,
    version: '1.2',
    logLevel: 'error',
    uniqueKeys: false, // It compares each with all before it; `readYaml` sees to it.
  });
  const [first, second] = composer.compose(tokens(text, lines), true, text.length);
  if (first === undefined) throw new Error('a YAML text makes at least one document');
  if (second !== undefined)
    first.errors.push(
      new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', 'The text holds several documents'),
    );
  return first;
}

function* tokens(text: string, lines: LineCounter) {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1;
    if (lexemes > maxLexemes) throw new TooMuchYaml();
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}
