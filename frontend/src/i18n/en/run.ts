/** English: states of runs and steps, and the link to them. */
export const run = {
  "live.live": "Live",
  "live.connecting": "Connecting",
  "live.catching_up": "Catching up",
  "live.stale": "Stale since {time}",
  "live.gone": "Not available",

  "run.init": "New",
  "run.running": "Running",
  "run.completed": "Completed",
  "run.stopped": "Stopped",
  "run.abnormal": "Failed",

  "step.init": "Not started",
  "step.wait_inputs": "Waits for input",
  "step.pending": "In line",
  "step.creating": "Starting",
  "step.created": "Started",
  "step.create_failed": "Could not start",
  "step.running": "Running",
  "step.stopping": "Stopping",
  "step.stopped": "Stopped",
  "step.timeout": "Timed out",
  "step.completed": "Completed",
  "step.failed": "Failed",
  "step.hold": "On hold",
  "step.skipped": "Skipped",
} as const;
