"""Words that have broken other products: each is somebody's text, and must stay text wherever it is kept and shown."""

MARK = "pwn7f3a"
SCRIPT = f"<img src=x onerror=window.__{MARK}=1><b>{MARK}</b>"
"""Short enough for every field; nothing of it may become an element, and all of it must be readable."""

TEXTS: tuple[str, ...] = (
    SCRIPT,
    f"<script>window.__{MARK}=1</script>",
    f'"><svg onload=window.__{MARK}=1>',
    f"'-alert(1)-'{MARK}",
    f"</title></textarea><iframe srcdoc=x>{MARK}",
    f'<a href="javascript:window.__{MARK}=1">{MARK}</a>',
    f"$\\href{{javascript:alert(1)}}{{{MARK}}}$",
    "{{7*7}}${7*7}#{7*7}<%= 7*7 %>",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "__import__('os').system('touch /tmp/pwned')",
    "$(touch /tmp/pwned) `touch /tmp/pwned` ; touch /tmp/pwned | cat",
    "'; DROP TABLE runs_run; --",
    "%s%n%x{0.__class__}",
    "a\u202egnp.exe",
    "\x1b]0;title\x07\x1b[31mred\x1b[2J",
    "=cmd|' /C calc'!A0",
    "\u0130\u017f\ufb03\u212a",
    "../../../etc/passwd",
    "a" * 60 + "!",
)

# Ways out of a storage: of MLflow, Argo, Flask and Windows, as they were found.
PATHS: tuple[str, ...] = (
    "/default/../secret",
    "/default/..\u2215secret",
    "/default/a/../../secret",
    "/../default/a.txt",
    "default/a.txt",
    "//default/a.txt",
    "/default//a.txt",
    "/default/./a.txt",
    "/default/%2e%2e/secret",
    "/default/%252e%252e/secret",
    "/default/..%2fsecret",
    "/default/..\\secret",
    "C:\\Windows\\win.ini",
    "/default/C:/x",
    "/default/a.txt\x00.png",
    "file:///etc/passwd",
    "/default/#/../../etc/passwd",
    "/default/~root/x",
    "/nosuchroot/a.txt",
    "/etc/passwd",
    "/default/" + "a/" * 2000 + "x",
    "/default/" + "n" * 300,
)

# Names that a Windows machine, or an editor on one, would treat as something else.
WINDOWS: tuple[str, ...] = (
    "CON",
    "aux.txt",
    "nul",
    "COM1.log",
    "trailing.",
    "trailing ",
    "a:b",
    "a<b>c",
    'q"q',
    "a|b",
    "a?b*",
)

PATTERNS: tuple[str, ...] = (
    "(a+)+$",
    "(.*a){25}$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "((a*)*)*b",
    "\\",
    "[",
    "%",
    "_" * 200,
)
