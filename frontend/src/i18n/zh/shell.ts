import type { Translated } from "@/i18n/messages";
import type { shell as en } from "@/i18n/en/shell";

export const shell: Translated<typeof en> = {
  "app.name": "Pipeloom",
  "app.skip": "跳到正文",
  "app.gone.title": "您已退出登录",
  "app.gone.text": "请打开新的登录链接后继续。离开本页之前，您输入的内容会保留在这里。",
  "app.crash.title": "此页面已停止工作",
  "app.crash.text": "Pipeloom 的其他部分不受影响，已保存的内容不会丢失。",
  "app.crash.again": "重试",
  "app.notFound.title": "这里什么也没有",
  "app.notFound.text": "地址可能有误，或者其内容已被删除。",
  "app.notFound.home": "前往工作流",

  "nav.main": "主导航",
  "nav.workflows": "工作流",
  "nav.runs": "运行",
  "nav.todo": "待办",
  "nav.storage": "存储",
  "nav.datasets": "数据集",
  "nav.models": "模型",
  "nav.hosts": "主机",
  "nav.gallery": "市场",
  "nav.account": "{name} 的帐户",
  "nav.account.open": "账号与密码",
  "nav.tokens": "令牌",
  "nav.docs": "API 文档",
  "nav.signOut": "退出登录",
  "nav.theme": "主题",
  "nav.theme.light": "浅色",
  "nav.theme.dark": "深色",
  "nav.theme.system": "跟随系统",
  "nav.language": "语言",
  "nav.settings": "外观与语言",

  "action.cancel": "取消",
  "action.close": "关闭",
  "action.clear": "清除",
  "action.copy": "复制",
  "action.create": "创建",
  "action.delete": "删除",
  "action.download": "下载为 JSON",
  "action.duplicate": "创建副本",
  "action.more": "更多操作",
  "action.more.for": "“{name}”的操作",
  "action.open": "打开",
  "action.rename": "重命名",
  "action.retry": "重试",
  "action.save": "保存",
  "action.search": "搜索",
  "action.undo": "撤销",

  "client.unreachable": "无法连接服务器。",
  "client.unreachable.hint": "请确认服务器正在运行；您的工作会暂存在这里。",
  "client.unreadable": "服务器的回答无法读取。",
  "client.unreadable.hint": "请稍后重试。",

  "problem.title": "出现了问题",
  "problem.suggestion": "您是指“{suggestion}”吗？",

  "loading": "正在加载",

  "toast.region": "消息",

  "field.required": "必填",
  "field.increase": "增加",
  "field.decrease": "减少",

  "split.resize": "调整大小",

  "time.now": "刚刚",
  "time.ms": "{value} 毫秒",
  "time.s": "{value} 秒",

  "parts.title": "界面组件",
  "parts.text": "每个组件的每种状态，供开发者参考。",
};
