/** English: the steps that wait for a person. */
export const todo = {
  "todo.title": "To do",
  "todo.lead": "Steps that wait for somebody, in all workflows. The other branches of their runs go on meanwhile.",
  "todo.count": "{count, plural, =0 {} one {# step waits} other {# steps wait}}",
  "todo.empty.title": "Nothing waits for you",
  "todo.empty.text": "A step whose placeholder is to be answered while the run is under way shows up here.",
  "todo.asks": "Asks for",
  "todo.hold": "Is on hold; somebody has to let it go on.",
  "todo.go": "Waits for somebody to let it go on.",
  "todo.answer": "Answer",
  "todo.answer.for": "Answer {step}",
} as const;
