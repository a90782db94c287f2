package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.cli.slave.ImgslaveMain;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.secret.JoinCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both programs over loopback in sealed sessions: what a technician at a slave is asked, and that no secret is said. */
@Timeout(180)
class SealedSessionTest {
    private static final int DISK_BYTES = 4 << 20;
    private static final String CODE = "acid-acrobat-actress-acetone-acquire";
    private static final String OTHER_CODE = "acid-acrobat-actress-acetone-acuteness";
    private static final Pattern NEW_CODE = Pattern.compile("join code: ((?:[a-z]+-){4}[a-z]+)");
    private static final String ASKED = "join code, five words";
    private static final Pattern KEY_OF_256_BITS = Pattern.compile("(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])");
    private static final Pattern DIGEST = Pattern.compile("\"digest\":\"([0-9a-f]{64})\"");

    @TempDir
    private Path folder;

    private final ProgramRunner master = new ProgramRunner();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final String group = ProgramRunner.newGroup();
    private Path disk;
    private Path target;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        SampleDisk.create(disk, DISK_BYTES, 1);
        target = Files.write(folder.resolve("target.raw"), new byte[DISK_BYTES]);
        // Both programs start at once in one JVM; logging is set up before they race for it.
        assertThat(master.run("info", disk)).isEqualTo(ExitCode.MALFORMED_IMAGE);
    }

    /** {@code typed}: what a technician types at the slave; null when there is none. */
    private CompletableFuture<Integer> slave(String typed, Object... more) {
        BufferedReader in = typed == null ? null : new BufferedReader(new StringReader(typed));
        Setting setting = new Setting(new Streams(stream(out), stream(err), in, false), new Interruption());
        String[] args = Stream.concat(
                        Stream.of("--interface", "lo", "--group", group, "--wait", "60s", "--window", "32"),
                        Stream.of(more).map(Object::toString))
                .toArray(String[]::new);
        return CompletableFuture.supplyAsync(() -> ImgslaveMain.run(setting, args));
    }

    private int master(Object... more) {
        Object[] args = Stream.concat(
                        Stream.of("--broadcast", "--disk", disk, "--interface", "lo", "--group", group, "--yes"),
                        Stream.of(more))
                .toArray();
        return master.runAsItIs(args);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Results too, which are on standard output without {@code --json}. */
    private String allSaid() {
        return said() + out.toString(StandardCharsets.UTF_8);
    }

    private static void needCodes() {
        assumeFalse(Primitives.best().form().equals("Java"), "join codes need libcrypto");
    }

    @Test
    void aTechnicianIsAskedForTheCodeUntilItIsRight() throws Exception {
        needCodes();
        String typed =
                "\nacid-acrobut-actress-acetone-acquire\nacid acrobat\n" + OTHER_CODE + "\nACI acr act ace acq\n";
        CompletableFuture<Integer> slave = slave(typed, "--json", target);

        int code = master("--slaves", 1, "--wait", "60s", "--code", CODE, "--json", "--show-code");

        assertThat(slave.get()).as(said()).isZero();
        assertThat(code).as(master.err()).isZero();
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
        assertThat(said())
                .containsSubsequence(
                        "the join code is asked for when a session is heard that has one",
                        "is sealed with a join code: type the five words that its master shows",
                        ASKED,
                        "'acrobut': word 2 of the join code is not on the list of words",
                        ASKED,
                        "expected the five words of a join code, found 2",
                        "has another join code: type the five words that its master shows now",
                        ASKED,
                        "sealed (join code)",
                        "done: ");
        String events = out.toString(StandardCharsets.UTF_8);
        SessionModesTest.assertEvents(events, "listening", "warning", "slave-joined", "summary");
        assertThat(events.lines().filter(line -> line.contains("\"event\":\"summary\"")))
                .as("a code that is asked for is no end of the run")
                .singleElement()
                .asString()
                .contains("\"exitCode\":0,\"sealing\":\"code\"");
        SessionModesTest.assertEvents(master.out(), "plan", "join-code", "summary");
        assertThat(master.out()).contains("\"code\":\"" + CODE + "\"", "\"sealing\":\"code\"");
        assertThat(master.err()).contains("sealed (join code); each overwrites", "sent, sealed (join code), in ");
    }

    @Test
    void nobodyIsAskedWhereNoCodeWouldHelp() throws Exception {
        Path key = folder.resolve("room.key");
        assertThat(master.run("keygen", key)).isZero();
        CompletableFuture<Integer> slave = slave(CODE + "\n", "--json", target);

        int code = master("--wait", "7s", "--key-file", key, "--json");

        assertThat(slave.get()).as(said()).isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(code).as(master.err()).isEqualTo(ExitCode.NOBODY_ANSWERED);
        assertThat(said()).contains("start this slave with --key-file").doesNotContain(ASKED);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"exitCode\":16,\"sealing\":\"code\"");
        assertThat(master.out()).contains("\"sealing\":\"key-file\"").doesNotContain("join-code");
        assertThat(Files.readAllBytes(target)).containsOnly(0);
    }

    @Test
    void whoSaysOpenOrYesIsNotAsked() throws Exception {
        needCodes();
        ByteArrayOutputStream otherErr = new ByteArrayOutputStream();
        Path other = Files.write(folder.resolve("other.raw"), new byte[DISK_BYTES]);
        Setting typing = new Setting(
                new Streams(stream(otherErr), stream(otherErr), new BufferedReader(new StringReader(CODE)), false),
                new Interruption());
        CompletableFuture<Integer> open = slave(CODE + "\n", "--open", target);
        CompletableFuture<Integer> sure = CompletableFuture.supplyAsync(() -> ImgslaveMain.run(
                typing, "--interface", "lo", "--group", group, "--wait", "60s", "--window", "32", "--yes", "" + other));

        int code = master("--wait", "7s", "--code", CODE);

        assertThat(List.of(open.get(), sure.get())).containsOnly(ExitCode.NOT_AUTHENTIC);
        assertThat(code).isEqualTo(ExitCode.NOBODY_ANSWERED);
        assertThat(allSaid()).contains("start it with --code").doesNotContain(ASKED);
        assertThat(otherErr.toString(StandardCharsets.UTF_8))
                .contains("no join code: give --code-file")
                .doesNotContain(ASKED, "listening");
    }

    @Test
    void aMasterThatIsToldNothingShowsANewCodeWhichASlaveThatIsToldNothingAsksFor() throws Exception {
        needCodes();
        CompletableFuture<Integer> waiting =
                CompletableFuture.supplyAsync(() -> master("--slaves", 1, "--wait", "60s"));
        assertThat(master.hears("join code: ", waiting)).as(master.err()).isTrue();
        assertThat(master.hears("waiting for slaves", waiting)).as(master.err()).isTrue();
        Matcher shown = NEW_CODE.matcher(master.err());
        assertThat(shown.find()).isTrue();

        assertThat(slave(shown.group(1) + "\n", target).get()).as(said()).isZero();

        assertThat(waiting.get()).as(master.err()).isZero();
        assertThat(allSaid()).containsSubsequence("listening", ASKED, "done: ");
        assertThat(master.out()).contains("sent, sealed (join code), in ").doesNotContain("join code: ");
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
    }

    @Test
    void aSlaveWithoutASecretTakesNoOpenSession() throws Exception {
        needCodes();
        CompletableFuture<Integer> slave = slave("", target);

        assertThat(master("--wait", "7s", "--open")).as(master.err()).isEqualTo(ExitCode.NOBODY_ANSWERED);

        assertThat(slave.get()).as(said()).isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(allSaid())
                .contains("is open, and this slave takes only sealed ones", "; nothing was written")
                .doesNotContain(ASKED);
        assertThat(Files.readAllBytes(target)).containsOnly(0);
    }

    @Test
    void whoHasNoSecretAndCannotBeAskedIsNotKeptWaiting() throws Exception {
        for (List<String> words : List.of(List.of(""), List.of("--yes"), List.of("--forever"))) {
            boolean isAtTerminal = !words.get(0).isEmpty();
            err.reset();
            Object[] args = Stream.concat(words.stream().filter(word -> !word.isEmpty()), Stream.of(target))
                    .toArray();

            assertThat(slave(isAtTerminal ? CODE : null, args).get(20, TimeUnit.SECONDS))
                    .as(said())
                    .isEqualTo(ExitCode.NOT_AUTHENTIC);

            assertThat(said())
                    .contains("no join code: give --code-file or IMGSLAVE_CODE with the words that the master shows,"
                            + " --key-file, or --open for sessions that are not sealed; nothing was written")
                    .doesNotContain("listening");
        }
        assertThat(Files.readAllBytes(target)).containsOnly(0);
    }

    // ---- NoSecretInWords: docs/security.md, section 11

    @Test
    void noWordOfARunHoldsTheCodeOrItsKey() throws Exception {
        needCodes();
        byte[] key;
        try (SecretBytes secret = JoinCode.parse(CODE).key(Primitives.best().memoryHard())) {
            key = secret.copy();
        }
        String words = allWords("--code", CODE, "--code", CODE);

        String shown = "join code: " + CODE;
        assertThat(words).as("the master shows it once").contains(shown);
        String others = words.replaceFirst(Pattern.quote(shown), "");
        assertThat(others.toLowerCase(Locale.ROOT))
                .doesNotContainPattern(CODE.replace("-", "[^a-z]{1,4}"))
                .doesNotContainPattern("acrobat[^a-z]{1,4}actress");
        assertNoKey(others, key);
    }

    @Test
    void noWordOfARunHoldsAKeyFile() throws Exception {
        Path key = folder.resolve("room.key");
        assertThat(master.run("keygen", key)).isZero();
        String words = allWords("--key-file", key, "--key-file", key + ".slave");

        List<String> lines = Files.readAllLines(key);
        assertThat(words).as("its id is no secret").contains(valueOf(lines, "id: "));
        for (String name : List.of("secret: ", "sign: ")) {
            assertNoKey(words, HexFormat.of().parseHex(valueOf(lines, name)));
        }
    }

    private static String valueOf(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElseThrow()
                .substring(name.length());
    }

    private static void assertNoKey(String words, byte[] key) {
        String hex = HexFormat.of().formatHex(key);
        String half = hex.substring(0, hex.length() / 2);
        assertThat(words.toLowerCase(Locale.ROOT)).doesNotContain(half);
        assertThat(words).doesNotContain(Base64.getEncoder().encodeToString(key).substring(0, 20));
        List<String> digests = DIGEST.matcher(words)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        assertThat(digests).as("there is something to find").isNotEmpty();
        assertThat(KEY_OF_256_BITS.matcher(words).results().map(found -> found.group()))
                .as("nothing looks like a key but digests of the content")
                .allMatch(digests::contains);
    }

    /** Everything that both programs and the session's socket say of one run: streams, events, logs, reports, status. */
    private String allWords(String masterOption, Object ofMaster, String slaveOption, Object ofSlave) throws Exception {
        Path masterLog = folder.resolve("master.log");
        Path slaveLog = folder.resolve("slave.log");
        Path json = folder.resolve("report.json");
        Path csv = folder.resolve("report.csv");
        String name = "words-" + group.replace(':', '-').replace('.', '-');
        CompletableFuture<Integer> slave = slave(
                null, "--yes", "--json", "-vv", "--log", slaveLog, "--session", name, slaveOption, ofSlave, target);
        CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> master(
                "--json",
                "-vv",
                "--log",
                masterLog,
                "--report",
                json,
                "--session",
                name,
                "--slaves",
                2,
                "--wait",
                "120s",
                masterOption,
                ofMaster));
        // A command of its own would set the log of this process anew, so it comes when the keys have been exchanged.
        assertThat(master.hears("slave 1 joined", waiting)).as(master.err()).isTrue();
        String status = "";
        while (!status.contains("\"slavesJoined\":1")) {
            assertThat(waiting).as(status).isNotDone();
            status = order("status", "--json", "--session", name) + order("status", "--session", name);
        }
        assertThat(order("start", "--yes", "--session", name)).contains("exit 0");
        assertThat(waiting.get()).as(master.err()).isIn(ExitCode.DONE, ExitCode.INCOMPLETE);
        assertThat(slave.get()).as(said()).isZero();
        String plan = planWords(csv, masterOption, ofMaster);
        return String.join(
                "\n",
                master.out(),
                master.err(),
                out.toString(StandardCharsets.UTF_8),
                said(),
                status,
                plan,
                Files.readString(masterLog),
                Files.exists(slaveLog) ? Files.readString(slaveLog) : "",
                Files.readString(json));
    }

    private String planWords(Path csv, String option, Object secret) {
        ProgramRunner plan = new ProgramRunner();
        assertThat(plan.run(
                        "--plan",
                        "--json",
                        "--broadcast",
                        "--disk",
                        disk,
                        "--interface",
                        "lo",
                        "--report",
                        csv,
                        option,
                        secret))
                .as(plan.err())
                .isZero();
        return plan.out() + plan.err();
    }

    private static String order(String... words) {
        ProgramRunner runner = new ProgramRunner();
        int code = runner.run((Object[]) words);
        return runner.out() + runner.err() + "exit " + code;
    }

    private static PrintStream stream(ByteArrayOutputStream into) {
        return new PrintStream(into, true, StandardCharsets.UTF_8);
    }
}
