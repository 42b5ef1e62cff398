import type { Translated } from "@/i18n/messages";
import type { images as en } from "@/i18n/en/images";

export const images: Translated<typeof en> = {
  "images.title": "容器镜像",
  "images.lead": "本项目的作业可以使用的镜像。程序写名称，容器引擎得到实际要运行的镜像。",
  "images.search": "搜索镜像",
  "images.count": "{count, number} 个镜像",
  "images.empty.title": "还没有镜像",
  "images.empty.text": "作业可以在容器镜像而非引擎中运行。请在此以作业和程序所写的名称注册镜像。",
  "images.register": "注册镜像",
  "images.register.do": "注册",
  "images.registered": "已注册“{name}”。",
  "images.name": "名称",
  "images.name.help": "作业和程序所写的名称：组织名/镜像名称:版本号。",
  "images.runs": "实际运行",
  "images.by": "注册人",
  "images.deeds": "更改或删除",
  "images.reference": "要拉取的镜像",
  "images.reference.help": "包含仓库地址，例如 registry.example.org/组织名/镜像名称:版本号。留空则使用名称本身。",
  "images.digest": "摘要",
  "images.digest.help": "填写后只运行这一个镜像，无论标签此后指向什么。",
  "images.description": "描述",
  "images.change.of": "更改“{name}”",
  "images.changed": "已更改“{name}”，此后开始的步骤将使用它。",
  "images.delete.of": "删除“{name}”",
  "images.delete.text": "使用它的作业在重新注册之前无法启动。正在运行的步骤继续运行，容器引擎保留该镜像。",
  "images.deleted": "已删除“{name}”。",
};
