import type { Translated } from "@/i18n/messages";
import type { todo as en } from "@/i18n/en/todo";

export const todo: Translated<typeof en> = {
  "todo.title": "待办",
  "todo.lead": "所有工作流中等待人工处理的步骤。其所属运行的其他分支会继续进行。",
  "todo.count": "{count, plural, =0 {} other {# 个步骤在等待}}",
  "todo.empty.title": "没有等待您处理的步骤",
  "todo.empty.text": "需要在运行过程中填写占位符的步骤会显示在这里。",
  "todo.asks": "需要填写",
  "todo.hold": "已暂停，需要有人让它继续。",
  "todo.go": "等待有人让它继续。",
  "todo.answer": "填写",
  "todo.answer.for": "填写 {step}",
};
