/** What a figure is held to, in words: an aim that is missed is said, and fails nothing. */
export function atLeast(value: number, aim: number): string {
  return `aim: at least ${aim}, ${value >= aim ? 'met' : 'not met'}`;
}

export function atMost(value: number, aim: string, limit: number): string {
  return `aim: ${aim}, ${Number.isNaN(value) ? 'not measured' : value <= limit ? 'met' : 'not met'}`;
}
