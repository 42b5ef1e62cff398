import type { Translated } from "@/i18n/messages";
import type { ports as en } from "@/i18n/en/ports";

export const ports: Translated<typeof en> = {
  "port.obs": "文件",
  "port.dataset": "数据集",
  "port.dataset_version": "数据集版本",
  "port.label_task": "标注任务",
  "port.swr": "镜像",
  "port.model": "模型",
  "port.service": "服务",
  "port.metrics": "指标",
  "port.order": "顺序",
  "port.unknown": "任意",

  "refusal.cycle": "这会使步骤彼此永远等待。",
  "refusal.same_step": "步骤不能连接到自身。",
  "refusal.waits": "它已经在等待该步骤。",
  "refusal.metrics": "指标供条件和图表读取，不能作为输入。",
  "refusal.takes_nothing": "此类步骤不接受输入。",
  "refusal.full": "{limit, plural, other {此步骤只接受 # 个输入。}}",
  "refusal.type": "这是“{found}”，而此步骤接受：{accepts}。",
  "refusal.needs_version": "请先发布数据集：此步骤需要它的一个版本。",
};
