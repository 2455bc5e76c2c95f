export * from './document/document.ts';
export { formatDuration, parseDuration } from './document/duration.ts';
export { durationWords } from './document/duration-words.ts';
export { own } from './document/element.ts';
export { fieldNameProblem, idProblem, modelNameProblem, slug } from './document/id.ts';
export { type AuthoredDocument, normalizeDocument } from './document/normalize.ts';
export { operatorNames } from './document/step.ts';
export * from './document/type.ts';
export {
  formatType,
  isUnknown,
  parseType,
  type TypeText,
  type TypeTextFault,
  unknownType,
} from './document/type-text.ts';
export { type AggregateFault, formatAggregate, parseAggregate } from './expressions/aggregate.ts';
export { type TypeCheck, typeCheck } from './expressions/checker.ts';
export { compileExpression, compileExpressionColumns, type Row } from './expressions/compile.ts';
export { type Completion, completions } from './expressions/completions.ts';
export { type Evaluate, ExpressionError, type WindowBounds } from './expressions/evaluation.ts';
export { fieldsUsed } from './expressions/fields-used.ts';
export { type ExpressionFunction, expressionFunctions } from './expressions/functions.ts';
export { compilePattern, patternProblem } from './expressions/pattern.ts';
export { PatternTooSlow } from './expressions/pattern-automaton.ts';
export type { Scope } from './expressions/scope.ts';
export type { ExpressionProblem } from './expressions/syntax.ts';
export { type Connection, checkConnection, disconnect } from './graph/connection.ts';
export { type Graph, type GraphEdge, type GraphNode, graphOf } from './graph/graph.ts';
export {
  feedersOf,
  repartitions,
  type TopicPartitions,
} from './graph/partitions.ts';
export { keyText } from './json/key-text.ts';
export { hasFields, maxJsonDepth, parseJson, setField, TooDeeplyNested } from './json/parse.ts';
export { canonicalJson, writeJson } from './json/write.ts';
export * from './names.ts';
export { addUp, calculate } from './numbers/arithmetic.ts';
export { Decimal, maxDecimalDigits } from './numbers/decimal.ts';
export {
  canonicalNumber,
  doubleOf,
  type Exact,
  identityOf,
  isExact,
  longIn,
  longOf,
  numberOf,
} from './numbers/exact.ts';
export { compareNumbers, isSame } from './numbers/order.ts';
export * from './problem.ts';
export { modelFromSamples, type SampledModel } from './samples/model-from-samples.ts';
export { oneOf } from './suggestion.ts';
export { EditError } from './text/data-edits.ts';
export { applyEdits } from './text/edits.ts';
export { maxDocumentLength, type ParsedDocument, parseDocument } from './text/parse.ts';
export { renameElement } from './text/rename.ts';
export { renderDocument } from './text/render.ts';
export { addElement, type ElementKind, elementSkeleton, freeId, newDocumentText, sectionOf } from './text/skeleton.ts';
export { isoTime, isTimeMs, maxTimeMs } from './time.ts';
export { aggregateResultType } from './types/aggregate-type.ts';
export { type AppSensitivity, appSensitivity } from './types/app-sensitivity.ts';
export { isAssignable, isNumeric, type Misfit, misfits } from './types/assignable.ts';
export { fieldsOf } from './types/fields.ts';
export { inferTypes } from './types/infer.ts';
export type { StageTypes } from './types/inference.ts';
export {
  either,
  masked,
  maskText,
  nothingSensitive,
  type RecordSensitivity,
  type Sensitivity,
} from './types/sensitivity.ts';
export { keptShorter } from './validate/kept-shorter.ts';
export { type DocumentCheck, validateDocument } from './validate/validate.ts';
export { everyMs, keptMs, overlaps, windowsPerEvent, windowWords, writtenWindow } from './windows/windows.ts';
