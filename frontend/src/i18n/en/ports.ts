/** English: what travels along wires, and why a wire is refused. */
export const ports = {
  "port.obs": "Files",
  "port.dataset": "Dataset",
  "port.dataset_version": "Dataset version",
  "port.label_task": "Label task",
  "port.swr": "Image",
  "port.model": "Model",
  "port.service": "Service",
  "port.metrics": "Metrics",
  "port.order": "Order",
  "port.unknown": "Anything",

  "refusal.cycle": "This would make the steps wait for one another for ever.",
  "refusal.same_step": "A step cannot feed itself.",
  "refusal.waits": "It waits for that step already.",
  "refusal.metrics": "Metrics are read by conditions and charts; they cannot be an input.",
  "refusal.takes_nothing": "A step of this kind takes no input.",
  "refusal.full": "{limit, plural, one {This step takes only # input.} other {This step takes only # inputs.}}",
  "refusal.type": "This is “{found}”, and the step takes: {accepts}.",
  "refusal.needs_version": "Release the dataset first: this step needs a version of it.",
} as const;
