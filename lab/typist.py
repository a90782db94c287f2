"""Runs a program on a pseudo-terminal and answers its questions.

typist.py SECONDS [QUESTION ANSWER]... -- COMMAND...

Each QUESTION is a regular expression; when the text since the last answer matches it, ANSWER and a newline are typed.
The answer ^C is that key alone, and ^TERM is SIGTERM to the program. All output is copied to stdout, and how long the
program ran after the last answer. Ends with the program's exit code, with 124 when it takes too long, with 125 when it
ends before all questions came.
"""

import os
import pty
import re
import select
import signal
import sys
import time


def answer(pid, terminal, text):
    if text == "^TERM":
        os.kill(pid, signal.SIGTERM)
    elif text == "^C":
        os.write(terminal, b"\x03")
    else:
        os.write(terminal, text.encode() + b"\n")


def main(args):
    split = args.index("--")
    deadline = time.monotonic() + float(args[0])
    talk, command = args[1:split], args[split + 1 :]
    questions = [(re.compile(q), a) for q, a in zip(talk[::2], talk[1::2])]
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execvp(command[0], command)
    heard = ""
    answered = time.monotonic()
    while True:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            print(f"\ntypist.py: too late; still to come: {[q.pattern for q, _ in questions]}")
            return 124
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            data = b""
        if not data:
            break
        text = data.decode(errors="replace")
        sys.stdout.write(text)
        sys.stdout.flush()
        heard += text
        if questions and questions[0][0].search(heard):
            heard = ""
            answer(pid, terminal, questions.pop(0)[1])
            answered = time.monotonic()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(f"\ntypist.py: ended {int(time.monotonic() - answered)} s after the last answer")
    if questions:
        print(f"\ntypist.py: ended with {code} before: {[q.pattern for q, _ in questions]}")
        return 125
    return code if code >= 0 else 128 - code


sys.exit(main(sys.argv[1:]))
