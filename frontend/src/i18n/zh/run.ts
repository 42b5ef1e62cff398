import type { Translated } from "@/i18n/messages";
import type { run as en } from "@/i18n/en/run";

export const run: Translated<typeof en> = {
  "live.live": "实时",
  "live.connecting": "正在连接",
  "live.catching_up": "正在追赶",
  "live.stale": "自 {time} 起未更新",
  "live.gone": "不可用",

  "run.init": "新建",
  "run.running": "运行中",
  "run.completed": "已完成",
  "run.stopped": "已停止",
  "run.abnormal": "失败",

  "step.init": "未开始",
  "step.wait_inputs": "等待输入",
  "step.pending": "排队中",
  "step.creating": "正在启动",
  "step.created": "已启动",
  "step.create_failed": "启动失败",
  "step.running": "运行中",
  "step.stopping": "正在停止",
  "step.stopped": "已停止",
  "step.timeout": "超时",
  "step.completed": "已完成",
  "step.failed": "失败",
  "step.hold": "暂停",
  "step.skipped": "已跳过",
};
