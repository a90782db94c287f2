"""The folder with both programs and a Java runtime of their own, which all packages hold. docs/packages.md says why it is made so."""

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TARGET = ROOT / "dist/target"
PROGRAMS = ("imgblstr", "imgslave")
LISTS = ROOT / "dist/src/packages/classes"

# jdeps finds these in classes that neither program loads.
NEVER_LOADED = {
    "java.desktop": "pictures in terminals, windows of JNA",
    "jdk.jfr": "Netty's events for the flight recorder, which the start scripts switch off",
}
# Found by name at run time, where jdeps cannot look.
BY_NAME = {"jdk.crypto.ec": "signatures and key agreement on elliptic curves"}

# Only the linker of Java and the tools for developers use these.
UNUSED = ("bin/keytool", "bin/rmiregistry", "bin/jrunscript", "lib/jexec")


class BuildFailed(Exception):
    """A step failed; the message says what, and what to do next."""


def run(*command, **options) -> str:
    """Runs a command and gives what it wrote to stdout."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise BuildFailed(f"{' '.join(words)} failed with exit code {done.returncode}: {said}")
    return done.stdout


def version() -> str:
    """As pom.xml has it."""
    project = ElementTree.parse(ROOT / "pom.xml").getroot()
    return project.findtext("{http://maven.apache.org/POM/4.0.0}version")


def commit_time() -> int:
    """Seconds of the commit that is built: the date of everything in the packages. SOURCE_DATE_EPOCH comes first."""
    if os.environ.get("SOURCE_DATE_EPOCH"):
        return int(os.environ["SOURCE_DATE_EPOCH"])
    return int(run("git", "-C", ROOT, "log", "-1", "--format=%ct"))


def jdk() -> Path:
    """JAVA_HOME, or the JDK whose javac is in PATH."""
    javac = shutil.which("javac")
    home = os.environ.get("JAVA_HOME") or (javac and Path(javac).resolve().parents[1])
    if not home or not os.access(Path(home) / "bin/jlink", os.X_OK):
        raise BuildFailed(f"no JDK with jlink at {home}: install openjdk-17-jdk-headless, or set JAVA_HOME")
    return Path(home).resolve()


def modules(found: str) -> list:
    """What a runtime of the programs holds, by what jdeps has found."""
    return sorted(set(found.strip().split(",")) - set(NEVER_LOADED) | set(BY_NAME))


def make_runtime(java: Path, folder: Path, jars) -> None:
    """A runtime by jlink. Nothing in it is packed: packages pack it better, and it starts sooner."""
    found = {run(java / "bin/jdeps", "--multi-release", 17, "--ignore-missing-deps", "--print-module-deps", jar).strip() for jar in jars}
    run(
        *[java / "bin/jlink", "--add-modules", ",".join(modules(",".join(found))), "--output", folder],
        *["--strip-java-debug-attributes", "--no-header-files", "--no-man-pages"],
    )
    for name in UNUSED:
        (folder / name).unlink(missing_ok=True)


def make(folder: Path, seconds: int) -> None:
    """Builds both programs, and puts them with runtime and archives of loaded classes into a folder that is not there yet."""
    java = jdk()
    run("mvn", "-q", "-Pcomponents", "package", "-Dmaven.test.skip=true", "-DskipArchives", cwd=ROOT, env={**os.environ, "JAVA_HOME": str(java)})
    folder.mkdir(parents=True)
    for name in (*PROGRAMS, *(f"{program}.jar" for program in PROGRAMS), "imgblstr.compiler.json"):
        shutil.copy(TARGET / name, folder / name)
    make_runtime(java, folder / "runtime", [folder / f"{program}.jar" for program in PROGRAMS])
    set_dates(folder, seconds)  # the archives hold them
    run(ROOT / "dist/src/main/scripts/archives.sh", folder / "runtime/bin/java", folder / "imgslave.jar", folder / "imgblstr.jar", LISTS)
    for mark in folder.glob("*.jsa.for"):
        mark.unlink()  # names the Java of this machine; the start scripts need no mark for a runtime of their own


def set_dates(folder: Path, seconds: int) -> None:
    """Gives each file and folder the date of the commit."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (seconds, seconds), follow_symlinks=False)


def write_manual(program: Path, target: Path) -> None:
    """Manual pages, and completions as NAME.SHELL, of a folder with both programs."""
    shutil.copytree(TARGET / "man/man1", target / "man1")
    for name in PROGRAMS:
        for shell in ("bash", "zsh", "fish"):
            (target / f"{name}.{shell}").write_text(run(program / name, "generate-completion", shell), encoding="utf-8")


def native_needs(folder: Path):
    """Libraries of the system that the runtime is linked to, and the newest glibc that a symbol of theirs needs."""
    libraries, newest = set(), (2, 0)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF":
            lines = run("ldd", path).splitlines()
            libraries.update(re.findall(r"^\s+(\S+) => /(?!\S*/runtime/)", "\n".join(lines), re.M))
            newest = max([newest, *((2, int(minor)) for minor in re.findall(rb"GLIBC_2\.(\d+)", path.read_bytes()))])
    return sorted(libraries), ".".join(map(str, newest))
