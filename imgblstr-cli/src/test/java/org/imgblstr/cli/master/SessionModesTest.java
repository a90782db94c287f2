package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.cli.slave.ImgslaveMain;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both programs over loopback, and their events against the schema. */
@Timeout(120)
class SessionModesTest {
    private static final int DISK_BYTES = 8 << 20;

    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path image;
    private String group;

    /** A slave that has ended: exit code and what it wrote to standard output. */
    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        SampleDisk.create(disk, DISK_BYTES, 1);
        group = ProgramRunner.newGroup();
        // Both programs start at once in one JVM; logging is set up before they race for it.
        assertThat(program.run("info", disk)).isEqualTo(ExitCode.MALFORMED_IMAGE);
    }

    @Test
    void everyEventFitsTheSchemaAndEveryByteArrives() throws Exception {
        // given
        Path target = target(DISK_BYTES);
        CompletableFuture<Ended> slave = slave("--json", target.toString());
        // when
        int code = program.run(broadcast("--json", "--upload", image, "--disk", disk));
        Ended ended = slave.get();
        // then
        assertThat(code).as(program.err()).isZero();
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
        assertEvents(program.out(), "plan", "slave-joined", "started", "progress", "slave-result", "summary");
        assertEvents(ended.out(), "listening", "slave-joined", "started", "slave-result", "summary");
        assertThat(List.of(program.out(), ended.out()))
                .as("both sides tell what is overwritten")
                .allSatisfy(out -> assertThat(out.lines().filter(line -> line.contains("\"slave-joined\"")))
                        .singleElement()
                        .asString()
                        .contains("\"disk\":{\"path\":\"" + target.toRealPath()
                                + "\",\"model\":\"file\",\"serial\":\"\",\"bytes\":" + DISK_BYTES + "}"));
        assertThat(program.run("verify", image)).isZero();
        assertThat(List.of(program.out(), ended.out()))
                .as("both sides tell what the slave received and how fast its disk was")
                .allSatisfy(out -> assertThat(out)
                        .containsPattern("\"slave-result\".*\"receivedDatagrams\":[1-9].*\"diskRate\":[1-9]"));
    }

    @Test
    void aSlaveWhoseDiskIsTooSmallEndsWith10AndTheOthersAreServed() throws Exception {
        // given
        Path good = target(DISK_BYTES);
        Path small = Files.write(folder.resolve("small.raw"), new byte[1 << 20]);
        CompletableFuture<Ended> goodSlave = slave(good.toString());
        CompletableFuture<Ended> smallSlave = slave("--json", small.toString());
        // when
        int code = program.run(broadcast("--json", "--disk", disk));
        // then
        Ended ended = smallSlave.get();
        assertThat(goodSlave.get().exitCode()).isZero();
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(ExitCode.DOES_NOT_FIT);
        assertEvents(ended.out(), "listening", "summary");
        // It never joined, so it is nobody that the master has to answer for.
        assertThat(code).as(program.err()).isZero();
        assertThat(Files.mismatch(disk, good)).isEqualTo(-1);
        assertThat(Files.readAllBytes(small)).containsOnly(0);
    }

    @Test
    void theOwnDiskIsUntouchedWhenNobodyComes() throws IOException {
        // given: more than can wait for the disk
        byte[] content = new byte[24 << 20];
        new Random(1).nextBytes(content);
        Files.write(disk, content);
        assertThat(program.run("--upload", image, "--disk", disk, "--codec", "none"))
                .isZero();
        Path target = target(content.length);
        byte[] before = Files.readAllBytes(target);
        // when
        int code = program.run(
                "--yes",
                "--download",
                image,
                "--broadcast",
                "--disk",
                target,
                "--wait",
                "1s",
                "--interface",
                "lo",
                "--group",
                group);
        // then
        assertThat(code).as(program.err()).isEqualTo(ExitCode.NOBODY_ANSWERED);
        assertThat(Files.readAllBytes(target)).isEqualTo(before);
    }

    @Test
    void failuresAndPlansAreEventsToo() throws IOException {
        assertThat(program.run("--json", "--plan", "--upload", image, "--disk", disk))
                .isZero();
        assertEvents(program.out(), "plan");
        ProgramRunner refused = new ProgramRunner();
        Files.writeString(image, "precious");
        assertThat(refused.run("--json", "--upload", image, "--disk", disk)).isEqualTo(ExitCode.REFUSED);
        assertEvents(refused.out(), "warning", "summary");
        assertThat(refused.out()).contains("\"exitCode\":15");
        ProgramRunner damaged = new ProgramRunner();
        assertThat(damaged.run("verify", "--json", image)).isEqualTo(ExitCode.MALFORMED_IMAGE);
        assertEvents(damaged.out(), "image-result", "summary");
    }

    private Object[] broadcast(Object... mode) {
        Object[] common = {"--broadcast", "--slaves", 1, "--wait", "30s", "--interface", "lo", "--group", group};
        Object[] all = Arrays.copyOf(mode, mode.length + common.length);
        System.arraycopy(common, 0, all, mode.length, common.length);
        return all;
    }

    private CompletableFuture<Ended> slave(String... more) {
        String[] common = {"--yes", "--interface", "lo", "--group", group, "--wait", "30s", "--window", "32"};
        String[] args = Arrays.copyOf(common, common.length + more.length);
        System.arraycopy(more, 0, args, common.length, more.length);
        return CompletableFuture.supplyAsync(() -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int code = ImgslaveMain.run(
                    Setting.unattended(
                            new PrintStream(out, true, StandardCharsets.UTF_8),
                            new PrintStream(err, true, StandardCharsets.UTF_8)),
                    Sealed.slave(args));
            return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        });
    }

    private Path target(int bytes) throws IOException {
        byte[] old = new byte[bytes];
        Arrays.fill(old, (byte) 0x5A);
        return Files.write(folder.resolve("target.raw"), old);
    }

    static void assertEvents(String lines, String... names) throws IOException {
        JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(Files.readString(Path.of("../docs/events.schema.json")));
        assertThat(lines.lines()).isNotEmpty().allSatisfy(line -> assertThat(schema.validate(line, InputFormat.JSON))
                .as(line)
                .isEmpty());
        for (String name : names) {
            assertThat(lines).contains("\"event\":\"" + name + "\"");
        }
    }
}
