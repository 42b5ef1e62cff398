"""What messages say, in the languages of their readers. The browser has its own words; these go out by mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ENGLISH: Mapping[str, str] = {
    "subject.waiting": "{workflow} #{number}: “{title}” waits for you",
    "subject.success.step": "{workflow} #{number}: “{title}” is done",
    "subject.success.run": "{workflow} #{number} is done",
    "subject.abnormal.step": "{workflow} #{number}: “{title}” went wrong",
    "subject.abnormal.run": "{workflow} #{number} went wrong",
    "subject.test": "Test message of the topic “{topic}”",
    "lead.waiting": "The step “{title}” of run {number} of the workflow “{workflow}” waits for input.",
    "lead.success.step": "The step “{title}” of run {number} of the workflow “{workflow}” has completed.",
    "lead.success.run": "Run {number} of the workflow “{workflow}” has completed.",
    "lead.abnormal.step": "The step “{title}” of run {number} of the workflow “{workflow}” ended abnormally ({state}).",
    "lead.abnormal.run": "Run {number} of the workflow “{workflow}” ended abnormally.",
    "lead.test": "{by} sent this to see whether messages of the topic “{topic}” arrive. They do.",
    "asks": "It asks for: {awaits}",
    "failed": "What failed: {failed}",
    "reason": "Reason: {reason}",
    "open": "Open in Pipeloom",
    "foot": "You receive this because the topic or your own subscription asks for it. Delivery {id}.",
}
CHINESE: Mapping[str, str] = {
    "subject.waiting": "{workflow} #{number}：“{title}”等待输入",
    "subject.success.step": "{workflow} #{number}：“{title}”运行成功",
    "subject.success.run": "{workflow} #{number} 运行成功",
    "subject.abnormal.step": "{workflow} #{number}：“{title}”异常",
    "subject.abnormal.run": "{workflow} #{number} 异常",
    "subject.test": "主题“{topic}”的测试消息",
    "lead.waiting": "工作流“{workflow}”第 {number} 次运行的步骤“{title}”正在等待输入。",
    "lead.success.step": "工作流“{workflow}”第 {number} 次运行的步骤“{title}”已成功完成。",
    "lead.success.run": "工作流“{workflow}”的第 {number} 次运行已成功完成。",
    "lead.abnormal.step": "工作流“{workflow}”第 {number} 次运行的步骤“{title}”异常结束（{state}）。",
    "lead.abnormal.run": "工作流“{workflow}”的第 {number} 次运行异常结束。",
    "lead.test": "{by} 发送此消息以确认主题“{topic}”的消息能够送达。已送达。",
    "asks": "需要输入：{awaits}",
    "failed": "失败的步骤：{failed}",
    "reason": "原因：{reason}",
    "open": "在 Pipeloom 中打开",
    "foot": "您收到此消息，是因为主题或您自己的订阅要求发送。投递编号 {id}。",
}
WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh-Hans": CHINESE}
LONGEST_SUBJECT = 150


class Letter:
    """The parts of one message in one language."""

    def __init__(self, content: Mapping[str, Any], language: str, delivery: str) -> None:
        self.language = language if language in WORDS else "en"
        self._words = WORDS[self.language]
        self._content = content
        comma = "、" if self.language != "en" else ", "
        self._params = {
            "workflow": content.get("workflow", {}).get("name", ""),
            "number": content.get("run", {}).get("number", ""),
            "title": content.get("title") or content.get("step") or "",
            "state": content.get("state", ""),
            "topic": content.get("topic", ""),
            "by": content.get("by", ""),
            "awaits": comma.join(content.get("awaits") or ()),
            "failed": comma.join(content.get("failed") or ()),
            "reason": (content.get("reason") or {}).get("message", ""),
            "id": delivery,
        }

    def _say(self, key: str) -> str:
        return self._words[key].format(**self._params)

    @property
    def _kind(self) -> str:
        occasion = str(self._content["occasion"])
        if occasion in {"test", "waiting"}:
            return occasion
        return f"{occasion}.{'run' if self._content.get('whole') else 'step'}"

    @property
    def subject(self) -> str:
        """One line, whatever names people chose."""
        line = " ".join(self._say(f"subject.{self._kind}").split())
        return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"

    @property
    def lead(self) -> str:
        return self._say(f"lead.{self._kind}")

    @property
    def details(self) -> list[str]:
        return [
            self._say(key)
            for key, name in (("asks", "awaits"), ("failed", "failed"), ("reason", "reason"))
            if self._params[name]
        ]

    @property
    def open(self) -> str:
        return self._say("open")

    @property
    def foot(self) -> str:
        return self._say("foot")
