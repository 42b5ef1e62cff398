/** The server's words that fill a problem's sentence, out of closed lists: kinds of value, forms, rules. What is not here
 * is what somebody wrote, and stays as it is. */
export const phrasesZh: Readonly<Record<string, string>> = {
  "a text": "文本",
  text: "文本",
  "a number": "数字",
  "a whole number": "整数",
  "a number with a decimal point": "带小数点的数字",
  "true or false": "是或否",
  "a list": "列表",
  "a list of texts": "文本列表",
  "a list of whole numbers": "整数列表",
  "an object": "对象",
  "an object or a list": "对象或列表",
  null: "空值",
  "any type": "任意型号",
  "any value": "任意值",
  nothing: "空",
  rows: "行",
  columns: "列",
  "Begin with an English letter and use up to 64 letters, digits, “_” and “-”.": "以英文字母开头，最多 64 个字母、数字、“_”和“-”。",
  "Use letters, digits, Chinese characters, “_” and “-”.": "请使用字母、数字、汉字、“_”和“-”。",
  "Use letters, digits, “_” and “-”.": "请使用字母、数字、“_”和“-”。",
  "Begin with an English or Chinese letter; use up to 64 letters, digits, spaces, “_”, “-”.": "以英文字母或汉字开头，最多 64 个字母、数字、空格、“_”、“-”。",
  "Write a share from 0 to 1, like 0.8.": "请写 0 到 1 之间的比例，例如 0.8。",
  "Write three numbers below 100, like 1.0.2.": "请写三个小于 100 的数字，例如 1.0.2。",
  "Leave out the characters & ! ' \" < > and =.": "请去掉字符 & ! ' \" < > 和 =。",
  "Leave out the characters ^ & ! ' \" < > and =.": "请去掉字符 ^ & ! ' \" < > 和 =。",
  "a subscribed algorithm": "订阅的算法",
  "a saved algorithm": "已保存的算法",
  "a container image": "容器镜像",
  "an engine by its id": "按标识指定的引擎",
  "an output that is a model": "模型类型的输出",
  "a dataset that is a table": "表格数据集",
  "a manifest file": "清单文件",
  "a label task": "标注任务",
  "two inputs for one model": "一个模型的两个输入",
  "a model of the gallery": "市场中的模型",
  "a model template": "模型模板",
  "Begin with a letter or “_”, and use letters, digits and “_”.": "以字母或“_”开头，使用字母、数字和“_”。",
  "Begin with a letter or “_”, and use letters, digits, “_”, “.” and “-”.": "以字母或“_”开头，使用字母、数字、“_”、“.”和“-”。",
  "Compare two values of the same kind.": "请比较两个同类的值。",
  "Compare two numbers, or two texts.": "请比较两个数字，或两段文本。",
  "Put a list on the right.": "请在右侧放一个列表。",
  "Put a condition, or true or false, on both sides.": "请在两侧放条件，或是/否。",
};

const RULES: readonly (readonly [RegExp, string])[] = [
  [/^at least (.+)$/, "不小于 $1"],
  [/^at most (.+)$/, "不大于 $1"],
  [/^more than (.+)$/, "大于 $1"],
  [/^less than (.+)$/, "小于 $1"],
  [/^the number (.+)$/, "数字 $1"],
  [/^labels written as (.+)$/, "以 $1 书写的标签"],
  [/^the version format (.+)$/, "版本格式 $1"],
  [/^It must match (.+)\.$/, "必须匹配 $1。"],
];

export function phraseZh(text: string): string {
  const known = phrasesZh[text];
  if (known !== undefined) return known;
  for (const [pattern, said] of RULES) if (pattern.test(text)) return text.replace(pattern, said);
  const parts = text.split(" or ");
  return parts.length > 1 && parts.some((part) => Object.hasOwn(phrasesZh, part)) ? parts.map(phraseZh).join("或") : text;
}
