package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UsageTest {
    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path disk;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        SampleDisk.create(disk, 8 << 20, 1);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            value = {
                "'' | say what to do",
                "--disk DISK | say what to do",
                "--nonsense | there is no option '--nonsense' here",
                "--brodcast --disk DISK | there is no option '--brodcast' here; did you mean --broadcast?",
                "--dwonload=a.img --disk DISK | there is no option '--dwonload' here; did you mean --download?",
                "--down a.img --disk DISK | did you mean --download?",
                "verify --jsno a.img | there is no option '--jsno' here; did you mean --json?",
                "dsks | 'dsks' is neither a command nor an argument that is expected here; did you mean disks?",
                "Verify a.img | did you mean verify?",
                "generate-completion bsh | expected bash, zsh, fish, found 'bsh'; did you mean bash or zsh?",
                "upload a.img | 'upload' is neither a command nor an argument that is expected here; did you mean --upload?",
                "--broadcast --disk DISK --slaves x | 'x' is no whole number",
                "--upload a.img --disk DISK nosuch | 'nosuch' is neither a command nor an argument that is expected here",
                "--upload a.img --disk DISK DISK | is neither a command nor an argument that is expected here",
                "--upload a --download b --disk DISK | --upload and --download cannot be used together",
                "--upload a.img | --disk DEV is missing",
                "--download a.img | --disk DEV is missing",
                "--broadcast | --disk DEV is missing",
                "--download a.img --slaves 2 | need --broadcast",
                "--upload a.img --expect list | need --broadcast",
                "--download a.img --interface lo | --interface needs --broadcast",
                "--download a.img --disk DISK --grow --newids | there is no option '--newids' here; did you mean --new-ids?",
                "--download a.img --disk DISK --grow= | --grow= names no partition",
                "--download a.img --broadcast --partition 1 | --partition needs --disk",
                "--upload a.img --disk DISK --slaves 2 | need --broadcast",
                "--upload a.img --disk DISK --codec lzw | expected rle, zstd",
                "--upload a.img --disk DISK --codec zstd:99 | codec level",
                "--upload a.img --disk DISK --retries 0 | --retries: expected 1 to 1000",
                "--upload a.img --disk DISK --bad-sectors skp | --bad-sectors: expected abort, skip, found 'skp'; did you mean skip?",
                "--bad-sectors abort --note start --codec rlee | expected rle, zstd",
                "--upload a.img --disk DISK --verify ful | --verify: expected full, found 'ful'; did you mean full?",
                "--upload a.img --disk DISK --delta | --delta needs --broadcast",
                "--download a.img --disk DISK --codec rle | an image file is sent as it is",
                "--upload a.img --disk DISK --sector-size 1024 | --sector-size: expected 512 or 4096, found 1024",
                "--download a.img --disk DISK --sector-size 4096 --shrink | which goes without --grow, --shrink, --partition",
                "--broadcast --disk DISK | say --slaves N, --expect FILE or --wait DURATION",
                "--download /nonexistent/a.img --broadcast | /nonexistent/a.img: no such file",
                "--download --broadcast | --download: IMAGE is missing",
                "--broadcast --disk /nonexistent/disk | /nonexistent/disk",
                "--broadcast --upload /nonexistent/a.img --disk DISK | its folder does not exist",
                "--broadcast --disk DISK --report /nonexistent/a.csv | its folder does not exist",
                "--upload a.img --disk DISK --expect list | need --broadcast",
                "--broadcast --disk DISK --expect /nonexistent/list | the list cannot be read: /nonexistent/list: no such file",
                "--broadcast --disk DISK --expect / | the list cannot be read",
                "--upload a.img --disk DISK --report a.csv | need --broadcast",
                "--broadcast --disk DISK --slaves 1 --report a.html | expected a name that ends with .json or .csv, found another; reports of other kinds (.html) arrive with a later version",
                "--broadcast --disk DISK --slaves 1 --report csv | expected a name that ends with .json or .csv",
                "--broadcast --disk DISK --slaves 1 --report /nonexistent/a.csv | its folder does not exist",
                "--broadcast --upload /tmp/x.csv --disk DISK --slaves 1 --report /tmp/./x.csv | is a file that this run uses",
                "--broadcast --disk DISK --expect LIST --slaves 3 | --slaves 3 contradicts --expect",
                "--broadcast --disk DISK --expect LIST --wait 5s --min-slaves 3 | --min-slaves 3 contradicts --expect",
                "--broadcast --disk DISK --slaves 0 | --slaves: expected 1 to 65534",
                "--broadcast --disk DISK --slaves 1 --min-slaves 1 | --min-slaves needs --wait",
                "--broadcast --disk DISK --slaves 1 --slow hurry | --slow: expected wait, catchup, drop, found 'hurry'",
                "--broadcast --disk DISK --slaves 1 --rate fast | no bit rate",
                "--broadcast --disk DISK --slaves 1 --group 10.1.1.1 | not a multicast address",
                "--broadcast --disk DISK --slaves 2 --wait 5s --min-slaves 3 | --min-slaves 3 contradicts --slaves 2",
                "--download a.img --disk DISK --all-blocks | --all-blocks only applies when a disk is read",
                "--broadcast --disk DISK --slaves 1 --no-verify | only apply when this machine writes a disk or an image file",
                "--download a.img --broadcast --slaves 1 --verify full | what slaves read back is said at imgslave",
                "--upload a.img --disk DISK --shrink | --shrink only applies when this machine writes a disk",
                "--download a.img --broadcast --slaves 1 --shrink | --shrink only applies when this machine writes a disk",
                "--download a.img --disk DISK --shrink --grow=1 | --shrink cannot be used together with --grow",
                "--download a.img --disk DISK --shrink --partition 1 | --shrink cannot be used together with --partition",
                "--download a.img --disk DISK --unlock LIST | --unlock only applies when the used blocks of a disk are read",
                "--upload a.img --disk DISK --unlock LIST --all-blocks | cannot be combined with --all-blocks",
                "--upload a.img --disk DISK --unlock /nonexistent/phrase | /nonexistent/phrase: no such file",
                "--upload a.img --disk DISK --grow | --grow only applies when a disk is written",
                "--upload a.img --disk DISK --new-ids | only apply when a disk is written",
                "--broadcast --disk DISK --slaves 1 --hook DISK | --hook only applies when this machine writes a disk",
                "--broadcast --disk DISK --slaves 1 --open --new-ids | --new-ids cannot be used together with --open",
                "--broadcast --disk DISK --slaves 1 --hostname no_name | --hostname: expected letters",
                "--broadcast --disk DISK --slaves 1 --hostname @/nonexistent/names | the list of names cannot be read",
                "--broadcast --disk DISK --slaves 1 --partition 1 --grow=1 | --grow and --partition cannot be used together",
                "--upload a.img --disk DISK --at 25:00 | '25:00' is no time",
                "--upload a.img --disk DISK --at 2020-01-01T10:00 | has passed",
                "--upload a.img --disk DISK --at 2199-01-01T10:00 | more than 7 days ahead",
                "--upload a.img --disk DISK --rate 9M | need --broadcast",
                "--upload a.img --disk DISK --interface lo | --interface needs --broadcast: without it nothing is sent",
                "--download a.img --disk DISK --group 239.1.2.3 | --group needs --broadcast",
                "--upload a.img --disk DISK --ports 9000 | --ports needs --broadcast",
                "--upload a.img --disk DISK --session x | --session needs --broadcast",
                "--upload a.img --disk DISK --slow drop | need --broadcast",
                "--upload a.img --disk DISK --wait 9s | need --broadcast",
                "--upload a.img --disk DISK --no-verify --verify full | cannot be used together",
                "--upload a.img --disk /nonexistent/disk | /nonexistent/disk",
                "--upload /nonexistent/a.img --disk DISK | its folder does not exist",
                "--download /nonexistent/a.img --disk DISK | /nonexistent/a.img",
                "verify /nonexistent/a.img | /nonexistent/a.img",
                "verify --force a.img | there is no option '--force' here",
                "info / | /: Is a directory",
                "info | IMAGE is missing"
            },
            delimiter = '|')
    void wrongUsageIsExitCode2AndOneLine(String args, String message) {
        Object[] words = args.isBlank()
                ? new Object[0]
                : args.replace("DISK", disk.toString()).replace("LIST", list()).split(" ");
        assertThat(program.run(words)).isEqualTo(ExitCode.USAGE);
        assertThat(lastLine(program.err())).startsWith("imgblstr").contains(message);
        assertThat(program.out()).isEmpty();
    }

    private String list() {
        try {
            return Files.writeString(disk.resolveSibling("list"), "a\nb\n").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anInterfaceThatIsNotThereIsExitCode17AndOneLine() {
        assertThat(program.run("--broadcast", "--disk", disk, "--slaves", 1, "--interface", "nosuch0"))
                .isEqualTo(ExitCode.NETWORK);
        assertThat(lastLine(program.err())).startsWith("imgblstr").contains("nosuch0");
        assertThat(program.out()).isEmpty();
    }

    @Test
    void whatIsWrongWithAFileOrTheNetworkIsToldBeforeAnythingIsAsked() throws IOException {
        Path image = disk.resolveSibling("sound.img");
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        Path damaged = Files.write(disk.resolveSibling("damaged.img"), new byte[9999]);
        Path target = Files.write(disk.resolveSibling("target"), new byte[] {1});
        assertThat(program.run("--download", damaged, "--broadcast")).isEqualTo(ExitCode.MALFORMED_IMAGE);
        assertThat(program.run("--download", image, "--broadcast", "--disk", target))
                .as("too small, and nothing says when to start")
                .isEqualTo(ExitCode.DOES_NOT_FIT);
        Files.write(target, Files.readAllBytes(disk));
        Files.writeString(target, "in use", StandardOpenOption.WRITE);
        assertThat(program.run(
                        "--download", image, "--broadcast", "--slaves", 1, "--disk", target, "--interface", "nosuch0"))
                .as("a yes is needed, and there is no such interface")
                .isEqualTo(ExitCode.NETWORK);
    }

    private static Stream<Arguments> optionsAndCommands() {
        List<String> commands = List.of(
                "disks DISK",
                "info /nonexistent/a",
                "verify /nonexistent/a",
                "export /nonexistent/a /nonexistent/b",
                "status --session nosuch",
                "start --session nosuch",
                "kick --session nosuch pc01",
                "pause --session nosuch",
                "resume --session nosuch",
                "rate --session nosuch 9M",
                "abort --session nosuch");
        List<String> options = List.of("--force", "--json", "--quiet", "--yes", "--log LOG", "--plan", "--no-verify");
        return commands.stream().flatMap(command -> options.stream().map(option -> arguments(option, command)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("optionsAndCommands")
    void anOptionBeforeACommandCountsAsBehindItOrIsRefused(String option, String command) {
        int code = program.run(words(option + " " + command));
        ProgramRunner behind = new ProgramRunner();
        int space = command.indexOf(' ');
        String moved = command.substring(0, space) + " " + option + command.substring(space);
        assertThat(code).isEqualTo(behind.run(words(moved)));
        assertThat(program.err()).isEqualTo(behind.err());
        assertThat(program.out().isEmpty()).isEqualTo(behind.out().isEmpty());
        assertThat(disk.resolveSibling("log")).as("no command keeps a log").doesNotExist();
    }

    @Test
    void whatIsRefusedNamesTheCommandAndTheOption() {
        assertThat(program.run("--log", "a.log", "demo")).isEqualTo(ExitCode.USAGE);
        assertThat(program.err())
                .startsWith("imgblstr demo: there is no option '--log' here")
                .hasLineCount(1);
    }

    @Test
    void forceBeforeExportReplacesTheFileAndAValueThatIsCalledLikeTheCommandStaysAValue() throws IOException {
        Path image = disk.resolveSibling("sound.img");
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        Path raw = Files.writeString(disk.resolveSibling("raw"), "old");
        assertThat(program.run("--partition", "export", "export", image, raw))
                .as("no partition has this name")
                .isEqualTo(ExitCode.DOES_NOT_FIT);
        assertThat(program.err()).contains("'export'");
        assertThat(program.run("export", image, raw)).isEqualTo(ExitCode.REFUSED);
        assertThat(program.run("--force", "export", image, raw)).isZero();
        assertThat(raw).hasSameBinaryContentAs(disk);
    }

    private Object[] words(String line) {
        return line.replace("DISK", disk.toString())
                .replace("LOG", disk.resolveSibling("log").toString())
                .split(" ");
    }

    @Test
    void helpNamesEveryExitCodeOfTheManual() throws IOException {
        assertThat(program.run("--help")).isZero();
        Matcher row = Pattern.compile("^\\| (\\d+) \\|", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("../docs/exit-codes.md")));
        int rows = 0;
        while (row.find()) {
            assertThat(program.out()).containsPattern("[ ,:\\n]" + row.group(1) + " [a-z]");
            rows++;
        }
        assertThat(rows).isEqualTo(13);
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : new String[] {
            "disks", "info", "verify", "export", "keygen", "demo", "generate-completion", "generate-man-pages"
        }) {
            assertThat(program.run(command, "--help")).isZero();
            assertThat(program.out()).contains("Usage: imgblstr " + command);
        }
        assertThat(program.run("--version")).isZero();
        assertThat(program.run("generate-completion")).isZero();
        assertThat(program.out()).contains("complete -F");
    }

    private static String lastLine(String text) {
        return text.substring(text.stripTrailing().lastIndexOf('\n') + 1);
    }
}
