/** 定时计划的问题；写法同 problemsZh.ts。 */
export const SCHEDULE_TEXTS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  "schedule.cron": ["时间表达式的第 {place} 段“{found}”无法识别。", "可用 {low} 到 {high} 的数字、范围（1-5）、列表（1,3）、步长（0/15）和 *；月份和星期可用名称（JAN、MON）。"],
  "schedule.cron_parts": ["时间表达式有 {count} 段。", "请写六段：秒、分、时、日、月、星期；或只写后五段。"],
  "schedule.cron_special": ["“{found}”中 {letter} 的用法不受支持。", "L 和 LW 可单独作为日；星期可写成 6L 或 6#3。"],
  "schedule.cron_days": ["同时指定了日和星期。", "请将不限制的那一项写成 ?。"],
  "schedule.too_often": ["各次时间的间隔不足 {seconds} 秒。", "请只指定一个秒值，例如 0 */5 * * * ?。"],
  "schedule.never": ["未来 {years} 年内没有这样的时间。", "请检查该月是否有这一天。"],
  "schedule.timezone": ["没有名为“{found}”的时区。", "请写成 Europe/Berlin 或 UTC 的形式。"],
  "schedule.too_many": ["该工作流已有 {limit} 个定时计划，已达上限。", "请修改或删除其中一个。"],
  "schedule.no_release": ["“{workflow}”没有发布版本，而定时计划只运行发布版本。", "请先发布一个版本。"],
  "schedule.owner": ["以 {name} 的名义启动运行，但该用户已无权在此启动运行。", "请由有权启动运行的人保存该定时计划：此后将以其名义运行。"],
  "schedule.still_running": ["该工作流的运行 {number} 仍在进行。", "如果两者可以同时运行，请选择“仍然启动”。"],
};
