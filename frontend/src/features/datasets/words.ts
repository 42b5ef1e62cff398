/** The kinds of datasets in words; what we do not know is shown as it is. */
import { t, type MessageKey } from "@/i18n/i18n";

const DATA: Readonly<Record<string, MessageKey>> = {
  IMAGE: "datasets.type.IMAGE",
  TEXT: "datasets.type.TEXT",
  AUDIO: "datasets.type.AUDIO",
  VIDEO: "datasets.type.VIDEO",
  TABULAR: "datasets.type.TABULAR",
  FREE_FORMAT: "datasets.type.FREE_FORMAT",
};
const TASKS: Readonly<Record<string, MessageKey>> = {
  IMAGE_CLASSIFICATION: "datasets.task.IMAGE_CLASSIFICATION",
  OBJECT_DETECTION: "datasets.task.OBJECT_DETECTION",
  IMAGE_SEGMENTATION: "datasets.task.IMAGE_SEGMENTATION",
  TEXT_CLASSIFICATION: "datasets.task.TEXT_CLASSIFICATION",
};

export const dataType = (code: string): string => worded(DATA, code);
export const taskType = (code: string): string => worded(TASKS, code);

function worded(words: Readonly<Record<string, MessageKey>>, code: string): string {
  const key = Object.hasOwn(words, code) ? words[code] : undefined;
  return key === undefined ? code : t(key);
}
