"""What the pages at the entrance say: signing in, accepting an invitation. English and Chinese."""

from backend.config.browser import CHINESE
from backend.domain.problems import CATALOGUE, Problem

EN = {
    "sign_in": "Sign in",
    "sign_in_title": "Sign in to Pipeloom",
    "name": "Name",
    "password": "Password",
    "or_link": "No password, or forgotten?",
    "link_help": "Ask for a sign-in link, which works once. On the server, “make up” prints one, "
    "also beside a Pipeloom that is running already.",
    "join": "Join",
    "join_title": "Join {project}",
    "invited_by": "{who} invites you to the project {project}.",
    "invited": "You are invited to the project {project}.",
    "as_role": "Your role",
    "join_as": "Join as {name}",
    "not_me": "Not {name}? Sign out first, then open the link again.",
    "member_already": "You are a member of {project} already, as {role}. A manager can change that.",
    "open_project": "Open the project",
    "new_here": "New here? Choose a name and a password.",
    "have_account": "I have an account already",
    "create": "Create account and join",
    "least": "At least {least} characters.",
    "over_title": "This invitation cannot be used",
    "over_text": "It is used up, was withdrawn, is too old, or the address is not complete.",
    "over_help": "Ask a manager of the project for a new one.",
    "home": "Go to the first page",
    "until": "Open until",
    "nothing_title": "There is nothing here",
    "nothing_text": "The address may be misspelt, or what it led to is gone.",
    "old_title": "This page is too old",
    "old_text": "Somebody signed in or out since it was opened. Open it again.",
    "running": "Pipeloom is running",
    "not_built": "The part that draws in the browser is not built: run “make frontend” on the server and start again. "
    "Everything below works through the API.",
}
ZH = {
    "sign_in": "登录",
    "sign_in_title": "登录 Pipeloom",
    "name": "用户名",
    "password": "密码",
    "or_link": "没有密码，或忘记了密码？",
    "link_help": "请索取登录链接，每个链接只能使用一次。在服务器上运行“make up”会打印一个，即使 Pipeloom 已在运行。",
    "join": "加入",
    "join_title": "加入 {project}",
    "invited_by": "{who} 邀请您加入项目 {project}。",
    "invited": "您受邀加入项目 {project}。",
    "as_role": "您的角色",
    "join_as": "以 {name} 的身份加入",
    "not_me": "不是 {name}？请先退出登录，再重新打开此链接。",
    "member_already": "您已是 {project} 的成员，角色为 {role}。项目管理员可以更改角色。",
    "open_project": "打开项目",
    "new_here": "首次使用？请选择用户名和密码。",
    "have_account": "我已有账号",
    "create": "创建账号并加入",
    "least": "至少 {least} 个字符。",
    "over_title": "此邀请无法使用",
    "over_text": "它已用完、已被撤回、已过期，或地址不完整。",
    "over_help": "请向项目管理员索取新的邀请。",
    "home": "返回首页",
    "until": "有效期至",
    "nothing_title": "此处没有内容",
    "nothing_text": "地址可能有误，或其指向的内容已不存在。",
    "old_title": "此页面已过期",
    "old_text": "打开此页面后，登录状态已改变。请重新打开。",
    "running": "Pipeloom 正在运行",
    "not_built": "浏览器界面尚未构建：请在服务器上运行“make frontend”，然后重新启动。以下功能均可通过 API 使用。",
}
ROLES_EN = {
    "viewer": ("Viewer", "sees everything in the project and changes nothing"),
    "operator": ("Operator", "also runs workflows, stops and retries them, and answers steps that wait for input"),
    "author": ("Author", "also draws workflows, writes scripts and files, and releases versions"),
    "manager": ("Manager", "also invites people and decides who may do what"),
}
ROLES_ZH = {
    "viewer": ("观察者", "可查看项目中的一切，但不能更改"),
    "operator": ("操作员", "还可运行、停止和重试工作流，并回答等待输入的步骤"),
    "author": ("作者", "还可绘制工作流、编写脚本和文件并发布版本"),
    "manager": ("管理员", "还可邀请成员并决定各人的权限"),
}
PROBLEMS_ZH = {
    "auth.sign_in": "用户名或密码不正确。请重试，或使用登录链接。",
    "auth.too_many_tries": "错误的密码尝试过多。请等待 {minutes} 分钟，或使用登录链接。",
    "auth.password_short": "密码少于 {least} 个字符。请选择更长的密码。",
    "auth.password_common": "此密码过于常见。请选择更难猜的密码。",
    "auth.name_form": "无法使用用户名“{name}”。请使用 2 到 50 个字母、数字或 @ . + - _",
    "auth.name_taken": "用户名“{name}”已被使用。请换一个；若是您本人，请登录。",
    "project.invitation_over": "此邀请无法使用。请向项目管理员索取新的邀请。",
    "request.too_large": "输入过长。",
}


def words(language: str) -> dict[str, str]:
    return ZH if language == CHINESE else EN


def role_words(language: str, role: str) -> tuple[str, str]:
    return (ROLES_ZH if language == CHINESE else ROLES_EN)[role]


def said(language: str, found: Problem) -> str:
    """What is wrong and what to do, in one line."""
    if language == CHINESE and found.code in PROBLEMS_ZH:
        return PROBLEMS_ZH[found.code].format(**found.params)
    assert found.code in CATALOGUE, found.code
    return f"{found.message} {found.hint}"
